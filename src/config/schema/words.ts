import Type from 'typebox'
import { LANGUAGE_PATTERN } from './names.ts'

/** Words a person reads: one template for everyone, or one for each language. */
export type WordsFile = string | Readonly<Record<string, string>>

/** The schema of words a person reads. `standard` is said where an operator has none. */
export function Words(description: string, example: WordsFile | undefined, standard?: string) {
  return Type.Unsafe<WordsFile>(
    Type.Union(
      [
        Type.String({ minLength: 1, description: 'one template for everyone.' }),
        Type.Record(Type.String({ pattern: LANGUAGE_PATTERN }), Type.String({ minLength: 1 }), {
          additionalProperties: false,
          minProperties: 1,
          description: 'a template for each language: `{ en: …, pt_BR: … }`.',
        }),
      ],
      {
        title: 'Words',
        $comment:
          'What a person reads: plain text with places such as `{form.full_name}`. In the language of the form (`session.language`), else in the same language of another country, else in the first that is written.',
        description,
        ...(example === undefined ? {} : { examples: [example] }),
        ...(standard === undefined ? {} : { default: standard }),
      },
    ),
  )
}
