/** What API v1 answers, as the pages read it. Types only: never loaded by a browser. The truth is /api/openapi.json. */

declare namespace Api {
  type Role = "customer" | "staff";
  type Waiting = "us" | "customer" | null;
  type Feature =
    | "reply"
    | "internal_note"
    | "assign_person"
    | "assign_team"
    | "resolve"
    | "acknowledge"
    | "tag"
    | "search"
    | "attachments"
    | "webhook"
    | "signed_webhook";
  type ResolutionType = "code_fix" | "ui_change" | "docs";
  type ResolutionState = "marked" | "shipped" | "customers_told" | "came_back";
  type TicketState = "open" | "resolved" | "closed" | "deleted";
  type DeliveryState = "pending" | "running" | "done" | "failed" | "cancelled";
  type DeliveryKind =
    | "forum_reply"
    | "forum_note"
    | "forum_resolve"
    | "trello_comment"
    | "trello_attachment"
    | "trello_detachment"
    | "trello_card"
    | "trello_webhook"
    | "trello_move"
    | "trello_archive"
    | "trello_member"
    | "trello_impact"
    | "forum_assign"
    | "forum_acknowledge"
    | "forum_tag"
    | "team_alert"
    | "team_digest"
    | "slack_answer"
    | "slack_alert";
  type Impact = "low" | "normal" | "high" | "outage";
  type Standing = "new" | "snoozed" | "no_action" | "owned" | "settled";
  /** The promise that runs out at `due_at`. */
  type DueKind = "first_answer" | "next_update" | null;

  interface ForumRef {
    id: number;
    kind: string;
    name: string;
    /** Only the customer and staff ever read what is written there. */
    confidential?: boolean;
    base_url?: string;
    state?: "working" | "broken";
  }

  interface SessionInfo {
    token: string;
    expires_in: number;
    member_id: string;
    board_id: string;
    board: { connected: boolean; name: string | null; role: "admin" | "normal" | null };
    workspace: { id: number; name: string } | null;
    forums: (ForumRef & { base_url: string })[];
    slack_connected: boolean;
  }

  interface Board {
    id: string;
    name: string;
    url: string;
    workspace: { id: number; name: string };
    connected_by: string;
    connected_at: string;
    /** `refused`: Trello no longer takes the token of the person who connected it. */
    account_state: "working" | "refused";
  }

  interface Forum {
    id: number;
    kind: string;
    name: string;
    base_url: string;
    state: "working" | "broken";
    features: Feature[];
    missing: Partial<Record<Feature, string>>;
    acting_as: string | null;
    /** Read without credentials. */
    anonymous: boolean;
    /** What is stored of the credentials that is no secret; null for those who are no admins. */
    settings: Record<string, string> | null;
    tag_resolved: boolean;
    staff_usernames: string[];
    staff_groups: string[];
    last_sync_at: string | null;
    sync_error: string | null;
    webhook_url: string;
    webhook_secret_set: boolean;
    /** To the minute. */
    webhook_received_at: string | null;
    webhook_refused_at: string | null;
    ticket_count: number;
    /** null: its history was never asked for. */
    backfill: Backfill | null;
  }

  interface Backfill {
    state: "running" | "paused" | "done" | "failed";
    since: string;
    /** Everything active since then is here. */
    reached_at: string | null;
    done: number;
    /** How many there will be, roughly. */
    about: number | null;
    /** From 0 to 1. */
    share: number | null;
    seconds_left: number | null;
    error: string | null;
    started_at: string;
    finished_at: string | null;
  }

  interface CredentialField {
    name: string;
    label: string;
    secret: boolean;
    help: string;
    required: boolean;
    /** The only values that it takes; empty: any text. */
    choices: string[];
    /** Says where the secrets are sent: when it changes they have to be entered again. */
    place: boolean;
  }

  interface ForumKind {
    kind: string;
    label: string;
    features: Feature[];
    /** What it can never do, and why. */
    cannot: Partial<Record<Feature, string>>;
    address_help: string;
    /** Where the webhook's address and secret are entered; empty where there are none. */
    hook_help: string;
    /** Can be read without credentials. */
    anonymous: boolean;
    credential_fields: CredentialField[];
  }

  interface ForumDraft {
    kind: string;
    name: string;
    base_url: string;
    /** null keeps what is stored. */
    credentials: Record<string, string> | null;
    webhook_secret: string | null;
    staff_groups: string[];
    staff_usernames: string[];
    /** Tag threads with how they were resolved, where the forum can. */
    tag_resolved: boolean;
  }

  interface ForumCheck {
    ok: boolean;
    site_name?: string | null;
    acting_as?: string | null;
    problems: string[];
    /** What works less well than it could. */
    warnings?: string[];
    features: Feature[];
    missing?: Partial<Record<Feature, string>>;
  }

  interface Person {
    name: string;
    username: string;
    avatar_url: string | null;
  }

  interface TicketSummary {
    id: number;
    forum: ForumRef;
    url: string;
    subject: string;
    state: TicketState;
    customer: Person;
    message_count: number;
    created_at: string;
    last_message_at: string;
    waiting_on: Waiting;
    waiting_since: string | null;
    excerpt: string;
    assigned_to: string | null;
    private: boolean;
    impact: Impact;
    /** Its badge is yellow from then, red from `due_at`; null where nothing is promised or nobody waits for us. */
    warn_at: string | null;
    due_at: string | null;
    due_kind: DueKind;
  }

  interface File {
    id: number;
    /** Below /api/v1. */
    path: string;
    name: string;
    content_type: string | null;
    size: number | null;
    /** The address of the image in the message's HTML that this file is; null for a file at its foot. */
    shown_as: string | null;
  }

  /** Another thread of the same person, perhaps on another forum. */
  interface OtherThread {
    id: number;
    subject: string;
    url: string;
    forum: ForumRef;
    state: TicketState;
    waiting_on: Waiting;
    created_at: string;
    card_url: string | null;
  }

  interface Message {
    id: number;
    number: number;
    author: Person & { role: Role };
    visibility: "public" | "internal";
    system: boolean;
    html: string;
    created_at: string;
    edited_at: string | null;
    deleted: boolean;
    files: File[];
  }

  interface Ticket extends TicketSummary {
    messages: Message[];
    messages_before: number | null;
    /** How many there are before these. */
    messages_earlier: number;
    features: Feature[];
    missing: Partial<Record<Feature, string>>;
    other_cards: { name: string; url: string }[];
    customer_threads: OtherThread[];
  }

  interface Link {
    id: number;
    created_at: string;
    created_by: string | null;
    ticket: Ticket;
  }

  interface Resolution {
    id: number;
    type: ResolutionType;
    state: ResolutionState;
    evidence_url: string | null;
    note: string | null;
    message: string | null;
    marked_by: string | null;
    marked_at: string;
    told: number;
    to_tell: number;
  }

  interface Delivery {
    id: number;
    kind: DeliveryKind;
    state: DeliveryState;
    attempts: number;
    reason: string | null;
    created_at: string;
    created_by: string | null;
    next_attempt_at: string | null;
    finished_at: string | null;
    ticket_id: number | null;
    card_id: number | null;
    summary: string;
    url: string | null;
    retryable: boolean;
    /** What is being posted, for replies and notes. */
    text: string | null;
    /** The forum has it and wants a moderator's approval first. */
    awaiting_approval: boolean;
    /** The browser's id of the request that asked for it. */
    request_id: string | null;
  }

  interface HistoryEvent {
    id: number;
    at: string;
    verb: string;
    actor: "member" | "forum" | "trello" | "system";
    actor_id: string | null;
    ticket_id: number | null;
  }

  interface CardDetail {
    card: { id: string; name: string | null };
    links: Link[];
    resolution: Resolution | null;
    deliveries: Delivery[];
    history: HistoryEvent[];
    /** Live ones, oldest first. */
    assignments: CardAssignment[];
    /** To whom a thread can be passed on. */
    teams: (TeamRef & { members: Member[] })[];
  }

  interface CardBadges {
    tickets: number;
    waiting_on: Waiting;
    waiting_since: string | null;
    resolution: { type: ResolutionType; state: ResolutionState } | null;
    failed: number;
    pending: number;
    /** The highest of the card's tickets; null without tickets. */
    impact: Impact | null;
    /** Of the earliest due ticket that waits on us. */
    warn_at: string | null;
    due_at: string | null;
    due_kind: DueKind;
    /** A ticket of the card has the impact outage. */
    outage: boolean;
  }

  interface Preview {
    ours: boolean;
    forum: ForumRef | null;
    ticket: TicketSummary | null;
  }

  interface Problem {
    type?: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    request_id?: string;
    retry_after?: number;
    errors?: { field: string; message: string }[];
    [extra: string]: unknown;
  }
}
