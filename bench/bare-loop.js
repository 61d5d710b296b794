import { Pull, Request } from 'zeromq';

// The shortest program that takes runs: it knows its requests beforehand and throws the data away.
export async function bareLoop(ports, runs) {
  const slowControl = connect(new Request({ linger: 0 }), ports.slowControl);
  const daq = connect(new Request({ linger: 0 }), ports.daq);
  const data = connect(new Pull({ linger: 0 }), ports.data);
  const reading = throwAway(data);
  const menus = 'menus: {calibAndL1A: {NEvents: 100}}';
  await ask(slowControl, request('reset', '{}'));
  await ask(daq, 'initialize', `daq: {zmqPushPull_port: ${ports.data}, active_menu: calibAndL1A, ${menus}}`);
  await ask(daq, 'configure', 'daq: {active_menu: calibAndL1A}');
  for (let run = 0; run < runs; run++) {
    await ask(slowControl, request('set', calib(128 * (run % 16))));
    while ((await ask(daq, 'start')) !== 'running');
    while ((await ask(daq, 'status')) === 'running');
  }
  for (const socket of [slowControl, daq, data]) socket.close();
  await reading;
}

function connect(socket, port) {
  socket.connect(`tcp://127.0.0.1:${port}`);
  return socket;
}

async function ask(socket, ...frames) {
  await socket.send(frames);
  const [reply] = await socket.receive();
  return reply.toString();
}

async function throwAway(socket) {
  let bytes = 0;
  for await (const [message] of socket) bytes += message.length;
  return bytes;
}

function request(type, args) {
  return `type: ${type}\nstatus: send\nread_back: false\nfrom_hardware: false\nargs: ${args}\n`;
}

function calib(value) {
  const halves = `{0: {Calib: ${value}}, 1: {Calib: ${value}}}`;
  return `{${['roc_s0', 'roc_s1', 'roc_s2'].map((chip) => `${chip}: {ReferenceVoltage: ${halves}}`).join(', ')}}`;
}
