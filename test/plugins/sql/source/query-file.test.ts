import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Dialect } from '../../../../plugins/sql/connect/dialect.ts'
import { QueryFileError, readQueryFile } from '../../../../plugins/sql/queries/query-file.ts'

const read = (text: string, dialect: Dialect = 'postgres', writes = true) =>
  readQueryFile(text, { file: 'calendar.sql', dialect, writes })

/** What a file is refused with. */
function mistakes(text: string, dialect?: Dialect, writes?: boolean): string {
  try {
    read(text, dialect, writes)
  } catch (error) {
    if (error instanceof QueryFileError) return error.message
    throw error
  }
  return 'none'
}

/** The only query of a file that holds this text, as the server gets it. */
function only(text: string, dialect?: Dialect) {
  const [query, ...more] = read(`-- name: only\n${text}`, dialect).values()
  assert.ok(query !== undefined && more.length === 0)
  return { text: query.text, places: query.places }
}

describe('a file of queries', () => {
  test('holds queries by name, with their purpose, parameters and lines', () => {
    const file = `\uFEFF-- The calendar of all departments.

-- Free slots from tomorrow on.
-- name: free_slots
select id from slots
where department = :department and day > :since or day = :since;

--Name :  hold-slot   ( RESERVE )
-- Held for an hour.
update slots set held_by = :key where id = :id returning *;
/* given back */
  -- name: free (release)\r\nupdate slots set held_by = null where held_by = :key -- the end
`
    assert.deepEqual(
      [...read(file).values()].map(({ name, purpose, parameters, line }) => ({ name, purpose, parameters, line })),
      [
        { name: 'free_slots', purpose: 'read', parameters: ['department', 'since'], line: 5 },
        { name: 'hold-slot', purpose: 'reserve', parameters: ['id'], line: 10 },
        { name: 'free', purpose: 'release', parameters: [], line: 13 },
      ],
    )
    assert.equal(read(file).get('free')?.text, 'update slots set held_by = null where held_by = $1')
  })

  test('binds a parameter used twice once in PostgreSQL and twice in MySQL', () => {
    const text = 'select :a, :b, :a'
    assert.deepEqual(only(text), { text: 'select $1, $2, $1', places: ['a', 'b'] })
    assert.deepEqual(only(text, 'mysql'), { text: 'select ?, ?, ?', places: ['a', 'b', 'a'] })
  })

  const untouched: readonly (readonly [Dialect, string])[] = [
    ['postgres', `select ':a', 'it''s :a', "col:a", "co""l:a", E'\\':a', e'a\\\\', U&'\\0061:a' from t`],
    ['postgres', 'select $$ :a ; -- name: x $$, $tag$ :a $$ :b $tag$, $ä1$:a$ä1$ from t'],
    ['postgres', 'select a /* :a /* :b */ :c ; */ + 1 -- :d ; \n from t -- :e'.trim().replace(' -- :e', '')],
    ['postgres', `select a::text, b :: int, c[1:2], c[lo:hi], c[1 : n], f(x := 1), d #>> '{a}', e ? 'k' from t$1`],
    ['postgres', `select '\\', 1, 'x'`],
    ['mysql', `select ':a', 'it''s :a', 'it\\'s :a', ":a", "a\\":a", "a"":a", \`col:a\`, \`a\`\`:b\` from t`],
    ['mysql', 'select 1 # :a ; \' \n + 2 -- :b ; "\n + 3 /* :c ; */ /*!50000 + 4 */'],
    ['mysql', 'select 1--2, @a := 3, @@sql_mode'],
  ]
  for (const [dialect, text] of untouched) {
    test(`leaves alone what is quoted, a comment, a cast or a slice (${dialect}): ${text}`, () => {
      assert.deepEqual(only(text, dialect), { text, places: [] })
    })
  }

  test('finds parameters right beside brackets, commas, operators and casts', () => {
    assert.deepEqual(only('select f(:a,:b)+:c::int, x[:i], :a||:d, -:e from t where y=any(:f)and z in(:g)'), {
      text: 'select f($1,$2)+$3::int, x[$4], $1||$5, -$6 from t where y=any($7)and z in($8)',
      places: ['a', 'b', 'c', 'i', 'd', 'e', 'f', 'g'],
    })
    assert.deepEqual(only('select "a",:b, \'c\':d', 'mysql').places, ['b', 'd'])
    assert.deepEqual(only('select :_a1, :B, :ärger').places, ['_a1', 'B'])
  })

  test('may begin with a bracket or a comment, and may end with a semicolon and comments', () => {
    assert.equal(only('/* a */ (select 1) ; -- b\n/* c */').text, '(select 1)')
    assert.equal(only('WITH a AS (select 1) SELECT * FROM a\n;\n').text, 'WITH a AS (select 1) SELECT * FROM a')
  })
})

describe('a file of queries is refused, with the line,', () => {
  const refused: readonly (readonly [why: string, text: string, says: RegExp, dialect?: Dialect])[] = [
    ['when it is empty', '-- nothing here\n', /^calendar\.sql:1: there is no query: begin each with a line `-- name:/],
    [
      'when SQL stands before the first name',
      '\nselect 1;\n-- name: a\nselect 2',
      /^calendar\.sql:2: there is SQL before/,
    ],
    [
      'when a name comes twice',
      '-- name: a\nselect 1;\n\n-- name: a\nselect 2',
      /:4: there is a query a in line 1 already/,
    ],
    ['when a query has no text', '-- name: a\n-- later\n;\n-- name: b\nselect 1', /:1: the query a has no text/],
    [
      'when a query has two statements',
      '-- name: a\nselect 1;\nselect 2;\nselect 3',
      /:3: the query a holds a second statement/,
    ],
    ['when a name is none', '-- name: free slots\nselect 1', /:1: a query is named as in `-- name: free_slots`/],
    ['when a name is missing', '-- name:\nselect 1', /:1: a query is named as in/],
    ['when a marker lacks its brackets', '-- name: a reserve\nselect 1', /:1: a query is named as in/],
    ['when a marker is unknown', '-- name: a (resreve)\nselect 1', /:1: \(resreve\) is nothing a query can be for/],
    ['when a marker is empty', '-- name: a ()\nselect 1', /:1: \(\) is nothing a query can be for/],
    ['when a quote stays open', "-- name: a\nselect 1,\n 'b -- name: c\n", /:3: what begins with ' is never closed/],
    ['when a comment stays open', '-- name: a\nselect /* 1 /* */', /:2: what begins with \/\* is never closed/],
    ['when a dollar quote stays open', '-- name: a\nselect $x$ $y$', /:2: what begins with \$x\$ is never closed/],
    ['when a quote before the first name stays open', '"a', /:1: what begins with " is never closed/],
    ['when a reading query uses :key', '-- name: a\nselect\n :key', /:3: :key is what a reservation is held under/],
    ['when a reservation lacks :key', '-- name: a (reserve)\nupdate t set x = 1', /:1: the query a does not use :key/],
    ['when a release lacks :key', "-- name: a (release)\nupdate t set x = ':key'", /:1: the query a does not use :key/],
    ['when a driver’s place stands in it', '-- name: a\nselect $1', /:2: \$1 in the query a: write parameters by name/],
    [
      'when a driver’s place stands in it',
      '-- name: a\nselect ?',
      /:2: \? in the query a: write parameters by name/,
      'mysql',
    ],
    [
      'when a reading query would write',
      '-- name: a\ndelete from t',
      /:2: the query a begins with delete, not with select/,
    ],
    [
      'when it would change the connection',
      '-- name: a\nset role x',
      /:2: the query a begins with set.*Mark it \(reserve\)/,
    ],
    [
      'when it would define things',
      '-- name: a (reserve)\ndrop table t -- :key',
      /:2: the query a begins with drop, not with insert/,
    ],
    [
      'when a reservation would replace another',
      '-- name: a (reserve)\nreplace into t values (:key)',
      /begins with replace/,
      'mysql',
    ],
    [
      'when it counts another’s hold as one',
      '-- name: a (reserve)\ninsert into t values (:key)\non duplicate  KEY\nupdate x = 1',
      /:3: ON DUPLICATE KEY UPDATE/,
      'mysql',
    ],
    [
      'when quotes are MySQL’s and it is not',
      '-- name: a\nselect "a\\" :b" ',
      /:2: what begins with " is never closed/,
    ],
  ]
  for (const [why, text, says, dialect] of refused) {
    test(`${why}: ${JSON.stringify(text)}`, () => assert.match(mistakes(text, dialect), says))
  }

  test('when it writes and the source may not, every such query named', () => {
    const file = '-- name: a (reserve)\nupdate t set x = :key\n-- name: b (release)\nupdate t set x = :key'
    assert.equal(
      mistakes(file, 'postgres', false),
      'calendar.sql:1: the query a writes: set `writes: true` for this source, or take (reserve) out. ' +
        'calendar.sql:3: the query b writes: set `writes: true` for this source, or take (release) out.',
    )
    assert.equal(mistakes(file), 'none')
  })

  test('with all its mistakes at once', () => {
    const file = '-- name: a b\nselect 1\n-- name: c\n-- name: d\nselect $1;\nselect :key'
    assert.deepEqual(mistakes(file).match(/calendar\.sql:\d+/g), [
      'calendar.sql:1',
      'calendar.sql:3',
      'calendar.sql:5',
      'calendar.sql:6',
    ])
  })

  test('where only the other dialect could read it', () => {
    assert.equal(mistakes("-- name: a\nselect 1 # it's\n", 'mysql'), 'none')
    assert.match(mistakes("-- name: a\nselect 1 # it's\n", 'postgres'), /:2: what begins with '/)
  })
})

test('a name that begins a line in the middle of a quote begins no query', () => {
  const [query, ...more] = read("-- name: a\nselect '\n-- name: b\n'").keys()
  assert.deepEqual([query, ...more], ['a'])
  assert.deepEqual([...read('-- name: a\nselect 1 -- name: b\n').keys()], ['a'])
})

test('two minus signs and a name begin a query in MySQL as well, without the space it wants for a comment', () => {
  assert.deepEqual(
    [...read('--name: a\nselect 1--1', 'mysql').values()].map(({ name, text }) => ({ name, text })),
    [{ name: 'a', text: 'select 1--1' }],
  )
})
