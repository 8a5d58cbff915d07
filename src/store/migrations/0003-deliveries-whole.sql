-- Deliveries of one person to one destination keep their order, late messages are completed, replays come after live ones.
alter table deliveries
  -- Whose record it is: a hash. Absent where nobody knows.
  add column person_key text,
  -- When a message that still waits for its record goes without it; absent where it never does.
  add column late_at timestamptz,
  -- `late`: the attempt under way is the late message; the whole one follows.
  add column stage text not null default 'whole' check (stage in ('whole', 'late')),
  add column late_receipt jsonb,
  add column replayed boolean not null default false,
  -- The vendor's record that a person chose among several, or `new`.
  add column chosen text,
  add column undone_at timestamptz;

create index deliveries_of_person on deliveries (destination, person_key, created_at)
  where state = 'pending' and kind = 'record' and person_key is not null;
-- What the sweeper sends jobs for, in its order; empty but after a pause, however much is on its way.
create index deliveries_unhinted on deliveries (replayed, next_attempt_at, destination)
  where state = 'pending' and hinted_at is null;
create index deliveries_late on deliveries (late_at) where state = 'waiting' and late_at is not null;
create index deliveries_waiting on deliveries (id) where state = 'waiting';

-- What stood in the record before the attempt wrote to it, and what it wrote: { id, before: {field: value}, written: {field: value} }.
alter table attempts add column change jsonb;

-- What the attempt was at: the late message and the whole one are two messages, each with a key of its own.
alter table attempts add column stage text not null default 'whole' check (stage in ('whole', 'late'));

-- Who a submission is of, as far as its keys say; worked out after it was accepted.
create table persons (
  id text primary key,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Found to be the same person as this one.
  merged_into text references persons (id)
);

-- WhatsApp's id of the person for this business, the phone number in E.164, the e-mail address in small letters.
create table person_keys (
  kind text not null check (kind in ('user_id', 'phone', 'email')),
  value text not null,
  person_id text not null references persons (id),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (kind, value)
);

create index person_keys_person on person_keys (person_id);

-- Keys that point to several people: nothing is merged until somebody decides.
create table person_questions (
  id text primary key,
  submission_id text not null references submissions (id),
  persons text[] not null,
  -- Kinds of the keys that disagree, never their values.
  because text not null,
  opened_at timestamptz not null,
  decided_at timestamptz,
  decision text check (decision in ('same', 'different')),
  decided_by text
);

create index person_questions_open on person_questions (opened_at) where decided_at is null;

alter table submissions add column person_id text references persons (id);
-- When its person was looked for; nobody may have been found.
alter table submissions add column identified_at timestamptz;
create index submissions_unidentified on submissions (accepted_at) where identified_at is null;
create index submissions_of_person on submissions (person_id) where person_id is not null;

-- What an account may still be asked, by class of request. Its times are the database's own, in milliseconds since 1970, so
-- that hosts agree. It may be emptied at any time; unlogged, so that a grant waits for no disk.
create unlogged table account_budgets (
  account text not null,
  -- `*` is the account as a whole: it has no lots, only `held_until`.
  class text not null,
  -- Requests granted that still count, as lots: until when, and how many.
  lot_ends bigint[] not null default '{}',
  lot_sizes integer[] not null default '{}',
  -- What the last change granted, and after how many milliseconds there is more.
  granted integer not null default 0,
  wait_ms bigint not null default 0,
  -- The vendor said when to come back.
  held_until bigint not null default 0,
  changed_at timestamptz not null,
  primary key (account, class)
);

-- Access tokens that all processes share, encrypted by a key that is not in the database.
create table access_tokens (
  destination text not null,
  name text not null,
  -- Absent while the first one is being fetched.
  sealed bytea,
  -- Counts the tokens that stood here.
  version integer not null default 0,
  -- Which process is fetching the next one, and until when nobody else does.
  claim text,
  claimed_until timestamptz,
  updated_at timestamptz not null,
  primary key (destination, name)
);
