/** The network file of a simulated stand. @param host where all its services listen */
export function networkFile(
  name: string,
  host: string,
  ports: Readonly<Record<'slowControl' | 'daq' | 'data' | 'client' | 'coordinator', number>>,
): string {
  return `# Written by the simulator; holds as long as it runs.
name: ${name}
kind: hexaboard
server: {hostname: ${host}, sc_ctrl_port: ${ports.slowControl}, daq_ctrl_port: ${ports.daq}, data_port: ${ports.data}}
client: {hostname: ${host}, port: ${ports.client}}
daq_coordinator: {hostname: ${host}, port: ${ports.coordinator}}
`;
}
