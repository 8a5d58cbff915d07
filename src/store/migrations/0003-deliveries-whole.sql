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
create index deliveries_late on deliveries (late_at) where state = 'waiting' and late_at is not null;

-- What stood in the record before the attempt wrote to it, and what it wrote: { id, before: {field: value}, written: {field: value} }.
alter table attempts add column change jsonb;

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
create index submissions_without_person on submissions (accepted_at) where person_id is null;
create index submissions_of_person on submissions (person_id) where person_id is not null;

-- Requests that an account was asked in each slot of time, by all processes. It may be emptied at any time.
create unlogged table budget_slots (
  account text not null,
  class text not null,
  slot bigint not null,
  requests integer not null,
  primary key (account, class, slot)
);

-- Access tokens that all processes share, encrypted by a key that is not in the database.
create table access_tokens (
  destination text not null,
  name text not null,
  sealed bytea not null,
  updated_at timestamptz not null,
  primary key (destination, name)
);
