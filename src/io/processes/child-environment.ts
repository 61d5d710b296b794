/** Names of variables that hold what opens doors: of Temporal's server, of hooks, of anything else. */
const secret = /^TEMPORAL_|^DATENRAFFINERIE_NOTIFY$|(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS|API_?KEY)$/i;

/** Our environment for programs of the user's (analyses, commands of the stand), without what only we need. */
export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.test(name)));
}
