import type { Explanations } from '../plugin/explanation.ts'

/** Why a command could not run, and what `flowgate doctor` finds. */
export const COMMANDS: Explanations = {
  FG_CLI_USAGE: {
    meaning: 'An option or argument cannot mean what was written.',
    cure: 'Write it as the message shows; every command explains itself with `--help`.',
  },
  FG_CLI_FILE: {
    meaning: 'A file or folder that a command needs is not there, cannot be read or written, or cannot be understood.',
    cure: 'Correct the name, its permissions or its content as the message says.',
  },
  FG_CLI_CONFIGURATION: {
    meaning: 'The configuration has mistakes, or a secret that it names is not set.',
    cure: 'Run `flowgate check` to see all of them.',
  },
  FG_CLI_FLOW: {
    meaning: 'There is no flow of this name, neither in the configuration nor among the deliveries.',
    cure: 'Name one of the configured flows.',
  },
  FG_CLI_FLOW_EXISTS: {
    meaning: 'The configuration has a flow of this name already, and `flowgate new-flow` overwrites nothing.',
    cure: 'Choose another name, or move the folder away.',
  },
  FG_CLI_FIELDS: {
    meaning:
      'The list of fields given to `flowgate new-flow` cannot be understood at the place that the message marks.',
    cure: 'Write it as the message says; `flowgate new-flow --help` shows a whole list.',
  },
  FG_CLI_NEW_FLOW: {
    meaning: 'What can be guessed from this Flow JSON would not pass `flowgate check`, so nothing was written.',
    cure: 'Correct the Flow JSON as the lines of the message say, or write `flow.yaml` by hand.',
  },
  FG_CLI_DESTINATION: {
    meaning: 'There is no destination of this name, neither in the configuration nor among the deliveries.',
    cure: 'Run `flowgate destinations status` to see their names.',
  },
  FG_CLI_CANNOT_DESCRIBE: {
    meaning: "The destination's plugin is no CRM, or cannot say what fields its CRM has.",
    cure: 'Look into the CRM itself.',
  },
  FG_CLI_DELIVERY: {
    meaning: 'There is no delivery of this id.',
    cure: 'Run `flowgate deliveries` to see their ids.',
  },
  FG_CLI_DELIVERY_STATE: {
    meaning: 'The delivery is in a state in which it cannot be dropped: only what is failed or unknown can.',
    cure: 'Run `flowgate deliveries show` with its id to see its state, and follow the message.',
  },
  FG_CLI_PLUGIN_EXISTS: {
    meaning: 'The folder of the new plugin is there already; nothing was written.',
    cure: 'Choose another name, or move that folder away.',
  },
  FG_CLI_PLUGIN_TESTS: {
    meaning: "The plugin's folder holds no test.",
    cure: 'Add one that runs the conformance kit; `flowgate new-plugin` writes such a test.',
  },
  FG_CLI_INPUT: {
    meaning: 'The file for `flowgate plugin try` holds no record or message, or none was named.',
    cure: 'Write it as the message shows.',
  },
  FG_CLI_RECEIPT: {
    meaning: 'The plugin delivered and answered something that is no receipt.',
    cure: 'Let `deliver` resolve with `outcome`, `id` and perhaps `url`; `flowgate plugin test` checks it.',
  },
  FG_CLI_PERSON: {
    meaning: 'No person has this id or key.',
    cure: 'Write an id that starts with `per_`, a WhatsApp user id, a number with its plus sign, or an e-mail address; a worker looks submissions through within some seconds.',
  },
  FG_CLI_PERSON_QUESTION: {
    meaning: 'No question about people has this id.',
    cure: 'List those that are open with `flowgate people questions`.',
  },
  FG_CLI_HAND_OVER: {
    meaning: 'The command names a hand-over that there is not.',
    cure: 'Copy the id from `flowgate hand-overs list --all`.',
  },
  FG_CLI_UNKNOWN_CODE: {
    meaning: 'There is no error code of this name.',
    cure: 'Copy it as it was printed; some plugins pass on the words of their vendor, which docs/plugins explains.',
  },
  FG_CLI_KEY: {
    meaning: 'The key that requests would be sealed with is not usable.',
    cure: 'Run `flowgate doctor` to see what is wrong with it.',
  },
  FG_CLI_DATABASE: {
    meaning: 'The database cannot be reached; the message says where it was looked for and why that failed.',
    cure: 'Correct what the message names; `flowgate doctor` looks again.',
  },
  FG_CLI_NOT_MIGRATED: {
    meaning: 'The database has no tables of the gateway yet.',
    cure: 'Run `flowgate migrate`, or start the gateway once.',
  },
  FG_CLI_START: {
    meaning: 'The gateway cannot start with this configuration or these keys.',
    cure: 'Correct each line of the message.',
  },
  FG_CLI_FAILED: {
    meaning: 'The program failed in a way that nobody foresaw.',
    cure: 'Run the command again with `LOG_LEVEL=debug` to see where, and report it.',
  },
  FG_SIMULATE_NO_ANSWER: {
    meaning: 'Nothing answered at the address that the simulator was to call.',
    cure: 'Start the gateway, or give its address with `--url`.',
  },
  FG_SIMULATE_TOKEN: {
    meaning: 'The gateway did not give the simulator a token.',
    cure: 'Set `FLOWGATE_API_TOKEN` as the gateway has it, or leave it out.',
  },
  FG_DOCTOR_SECRET_QUOTED: {
    meaning: '`META_APP_SECRET` holds quotation marks, which then belong to the secret.',
    cure: 'Take them away.',
  },
  FG_DOCTOR_SECRET_SPACED: {
    meaning: '`META_APP_SECRET` holds a space or a line break inside.',
    cure: 'Copy the secret again, alone.',
  },
  FG_DOCTOR_PUBLIC_KEY: {
    meaning: 'The file named as the public key does not exist, or is no public key in PEM form.',
    cure: 'Name the file whose text was given to Meta.',
  },
  FG_DOCTOR_KEY_PAIR: {
    meaning: 'The public key that Meta has belongs to none of the private keys, so no form could be opened.',
    cure: 'Give Meta the public half of your key, or the gateway the private half of this one.',
  },
  FG_DOCTOR_DATABASE: {
    meaning: 'There is no connection to the database.',
    cure: 'Correct host, port, user, password or name as the message says.',
  },
  FG_DOCTOR_DATABASE_OLD: {
    meaning: 'The database server is too old.',
    cure: 'Use PostgreSQL 15 or newer.',
  },
  FG_DOCTOR_DATABASE_RIGHTS: {
    meaning: 'The database user may not create what the gateway needs.',
    cure: 'Grant it the right to create schemas, or run `flowgate migrate` with a user that has it.',
  },
  FG_DOCTOR_EMBEDDED: {
    meaning: 'The embedded database does not start.',
    cure: 'Repair the cause that the message quotes, or set `DATABASE_URL`.',
  },
  FG_DOCTOR_PORT: {
    meaning: 'The gateway cannot listen on this port and address.',
    cure: 'Stop the program that has the port, or choose another `PORT` or `HOST`.',
  },
  FG_DOCTOR_UNREACHABLE: {
    meaning: 'The public address was not reached, or could not be asked for want of a secret and a key.',
    cure: 'Check address, certificate and proxy, and repair what else the doctor names.',
  },
  FG_DOCTOR_PING: {
    meaning: 'A sealed health check at the public address was not answered as it should be.',
    cure: 'Follow the message: another key, another secret, another flow, or a proxy that changes the body.',
  },
  FG_DOCTOR_SIGNATURE: {
    meaning: 'A request with a wrong signature was not refused at the public address.',
    cure: 'Make sure that it is your gateway and that nothing in front of it answers.',
  },
}
