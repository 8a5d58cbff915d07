import type { Explanations } from '../plugin/explanation.ts'

/** What the process is given from outside: variables and private keys. */
export const ENVIRONMENT: Explanations = {
  FG_ENV_MISSING: {
    meaning: 'A variable that this role or command needs is not set.',
    cure: 'Set it, or name a file that holds it in the variable of the same name with `_FILE` at its end.',
  },
  FG_ENV_INVALID: {
    meaning: 'A variable is set to something that it cannot mean, or names an empty file.',
    cure: 'Write what the message asks for; docs/operations.md lists every variable.',
  },
  FG_ENV_FILE_UNREADABLE: {
    meaning: 'A variable that ends in `_FILE` names a file that cannot be read.',
    cure: 'Correct the path, or let the user of the process read the file.',
  },
  FG_KEY_NOT_PEM: {
    meaning: 'What should be a private key is not in PEM form; often it is the path of the file instead of its text.',
    cure: 'Give the text from its BEGIN to its END line, or name the file in `FLOW_PRIVATE_KEY_FILE`.',
  },
  FG_KEY_CUT_OFF: {
    meaning: 'The private key has a BEGIN line and no END line that belongs to it.',
    cure: 'Copy the whole key again, both lines included.',
  },
  FG_KEY_LINE_BREAKS_ESCAPED: {
    meaning: 'The private key holds the two characters `\\n` where its lines should break.',
    cure: 'Put the key into a file and name that in `FLOW_PRIVATE_KEY_FILE`.',
  },
  FG_KEY_LINE_BREAKS_LOST: {
    meaning: 'The private key has lost its line breaks on the way through a shell or a form.',
    cure: 'Put the key into a file and name that in `FLOW_PRIVATE_KEY_FILE`, or quote the variable.',
  },
  FG_KEY_PUBLIC: {
    meaning: 'A public key stands where the private one belongs.',
    cure: 'Give the private key here; the public one goes to Meta.',
  },
  FG_KEY_NOT_PRIVATE: {
    meaning: 'The PEM text is a certificate, an OpenSSH key or something else that is no private key in PKCS form.',
    cure: 'Give an RSA private key in PKCS#8 or PKCS#1 form, or make one with `flowgate keys generate`.',
  },
  FG_KEY_NOT_RSA: {
    meaning: 'The private key is of another kind than RSA, which is all that Meta takes.',
    cure: 'Make a key with `flowgate keys generate` and give Meta its public half.',
  },
  FG_KEY_WRONG_SIZE: {
    meaning: 'The RSA key does not have the 2048 bits that Meta asks for.',
    cure: 'Make a key with `flowgate keys generate` and give Meta its public half.',
  },
  FG_KEY_PASSPHRASE_MISSING: {
    meaning: 'The private key is encrypted and no passphrase was given.',
    cure: 'Set `FLOW_PRIVATE_KEY_PASSPHRASE`, or name a file that holds it in `FLOW_PRIVATE_KEY_PASSPHRASE_FILE`.',
  },
  FG_KEY_PASSPHRASE_WRONG: {
    meaning: 'The passphrase does not open the private key.',
    cure: 'Give the passphrase that the key was encrypted with; if it is right, the file is damaged.',
  },
  FG_KEY_CIPHER_UNSUPPORTED: {
    meaning: 'The private key is encrypted in an old way that this OpenSSL no longer reads.',
    cure: 'Convert it with `openssl pkcs8 -topk8 -v2 aes256 -in old.pem -out new.pem`.',
  },
  FG_KEY_DAMAGED: {
    meaning: 'The private key has the right frame, but what stands inside cannot be read.',
    cure: 'Copy it again, whole and unchanged, or restore it from the backup.',
  },
}
