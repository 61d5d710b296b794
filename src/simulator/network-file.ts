/** The network file of a simulated stand; all services listen on 127.0.0.1. */
export function networkFile(
  name: string,
  ports: Readonly<Record<'slowControl' | 'daq' | 'data' | 'client' | 'coordinator', number>>,
): string {
  return `# Written by the simulator; holds as long as it runs.
name: ${name}
kind: hexaboard
server: {hostname: 127.0.0.1, sc_ctrl_port: ${ports.slowControl}, daq_ctrl_port: ${ports.daq}, data_port: ${ports.data}}
client: {hostname: 127.0.0.1, port: ${ports.client}}
daq_coordinator: {hostname: 127.0.0.1, port: ${ports.coordinator}}
`;
}
