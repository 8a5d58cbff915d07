/** A channel of the stand-in's workspace. */
export interface SlackChannel {
  readonly id: string
  readonly name: string
  /** Private channels are not found by a bot that is no member. */
  readonly private: boolean
  archived: boolean
  /** Whether the bot is a member. */
  member: boolean
  /** The person whose direct messages it is. */
  readonly user?: string
  /** Oldest first. */
  readonly messages: SlackMessage[]
}

/** A message as the stand-in keeps it and as `conversations.history` answers it. */
export interface SlackMessage {
  readonly type: 'message'
  readonly user: string
  readonly bot_id: string
  readonly ts: string
  /** Of the message in whose thread it stands. */
  readonly thread_ts?: string
  text: string
  blocks: readonly Readonly<Record<string, unknown>>[]
  metadata?: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> }
  edited?: { readonly user: string; readonly ts: string }
}

/** A person of the stand-in's workspace. */
export interface SlackUser {
  readonly id: string
  readonly email: string
  /** Left the workspace. */
  disabled: boolean
}

/** What the stand-in knows; tests read and change it at will. */
export class SlackWorkspace {
  readonly team = 'Acme'
  readonly domain = 'acme'
  readonly botUser = 'U0BOT'
  readonly botId = 'B0BOT'
  readonly token: string
  /** Scopes of the token; without `channels:history` nothing can be looked up. */
  readonly scopes = new Set([
    ...['chat:write', 'channels:history', 'groups:history', 'im:history'],
    ...['channels:read', 'groups:read', 'users:read', 'users:read.email', 'im:write'],
  ])
  /** What the token is answered instead of being accepted, for example `token_revoked`. */
  refuses: string | undefined
  /** What `chat.update` is answered instead of being done, for example `edit_window_closed`. */
  refusesUpdates: string | undefined
  readonly #users = new Map<string, SlackUser>()
  readonly #channels = new Map<string, SlackChannel>()
  #lastTs = 0

  constructor(token: string) {
    this.token = token
  }

  /** Adds a public channel with the bot in it, unless told otherwise. */
  addChannel(channel: Pick<SlackChannel, 'id'> & Partial<SlackChannel>): SlackChannel {
    const added = {
      name: channel.id.toLowerCase(),
      private: false,
      archived: false,
      member: true,
      messages: [],
      ...channel,
    }
    this.#channels.set(channel.id, added)
    return added
  }

  /** Adds a person. */
  addUser(user: Pick<SlackUser, 'id' | 'email'>): SlackUser {
    const added = { disabled: false, ...user }
    this.#users.set(user.id, added)
    return added
  }

  user(id: string): SlackUser | undefined {
    return this.#users.get(id)
  }

  userByEmail(email: string): SlackUser | undefined {
    return [...this.#users.values()].find((user) => user.email.toLowerCase() === email.toLowerCase())
  }

  /** The channel of the bot's direct messages with a person, the same each time. */
  directChannel({ id }: SlackUser): SlackChannel {
    const direct = `D${id.slice(1)}`
    return this.channel(direct) ?? this.addChannel({ id: direct, private: true, user: id })
  }

  channel(id: string): SlackChannel | undefined {
    return this.#channels.get(id)
  }

  /** By id or name, as `chat.postMessage` takes both. */
  channelNamed(idOrName: string): SlackChannel | undefined {
    const name = idOrName.replace(/^#/, '')
    return this.channel(idOrName) ?? [...this.#channels.values()].find((channel) => channel.name === name)
  }

  /** Messages of a channel, oldest first; none for a channel that does not exist. */
  messages(channelId: string): readonly SlackMessage[] {
    return this.channel(channelId)?.messages ?? []
  }

  /** The next message id: seconds and microseconds, never the same twice. */
  nextTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, Date.now() * 1_000)
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, '0')}`
  }
}
