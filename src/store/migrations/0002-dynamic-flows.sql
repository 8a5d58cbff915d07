-- A run may begin before it is known which version of the Flow JSON the phone has.
alter table sessions alter column version drop not null;
alter table sessions add column person_key text;
alter table sessions add column variant text;
-- Outcomes of checks, refusals, flags, reservations, where an earlier run was left.
alter table sessions add column progress jsonb not null default '{}';

-- Finds what a person left unfinished under another token. Of no column that every exchange writes, in the predicate
-- neither: such an index would put each write of a session into all indexes again.
create index sessions_of_person on sessions (flow, person_key) where person_key is not null;

alter table tokens add column person_key text;

-- What a submission came of: a finished form, a person handed over, a form opened after its end.
alter table submissions add column occasion text not null default 'submitted'
  check (occasion in ('submitted', 'handed_over', 'expired'));
alter table submissions add column variant text;

-- People who wait for, or were helped by, people.
create table hand_overs (
  id text primary key,
  submission_id text not null unique references submissions (id),
  flow text not null,
  screen text not null,
  queue text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text
);

create index hand_overs_open on hand_overs (opened_at) where closed_at is null;

-- Things of which only one person can have each. The row stands before the source is asked, so that nothing stays held
-- unnoticed when a process dies in between. It outlives its session, and goes once nothing is left to give back.
create table reservations (
  key text primary key,
  flow text not null,
  token text not null,
  session_id text not null,
  source text not null,
  release text not null,
  parameters jsonb not null,
  reserved_at timestamptz not null,
  -- When it is looked at next: whether its session still holds it.
  due_at timestamptz not null,
  -- A process is giving it back until then; nobody may hold it again meanwhile.
  giving_back_until timestamptz,
  -- How often giving it back was begun.
  tries integer not null default 0
);

create index reservations_due on reservations (due_at);
-- Whose run is taken over leaves what it holds to the new one.
create index reservations_run on reservations (flow, token);
-- Whether a submission keeps what was reserved for it; also one of a run that was never stored.
create index submissions_reserved on submissions ((session ->> 'id')) where session ? 'reservations';

-- Answers of sources that all processes share. A cache: it may be emptied at any time.
create unlogged table source_answers (
  source text not null,
  key text not null,
  answer jsonb not null,
  answered_at timestamptz not null,
  -- Until then it is fresh, and until then it may stand in.
  fresh_until timestamptz not null,
  kept_until timestamptz not null,
  primary key (source, key)
);

create index source_answers_kept on source_answers using brin (kept_until);
