/** What the API answers about triage and teams; the other half of api.d.ts. */

declare namespace Api {
  // ---- Triage

  /** Somebody of the workspace; `id` is Trello's member id. */
  interface Member {
    id: string;
    name: string;
    username: string;
  }

  interface TeamRef {
    id: number;
    name: string;
  }

  interface AreaRef {
    id: number;
    name: string;
  }

  /** POST /session/trello. */
  interface TrelloSession extends SessionInfo {
    /** The connected boards at which this person may sit; the token is for `board_id`. */
    boards: { id: string; name: string }[];
  }

  /** A word that speaks for a suggestion. Offsets are in code points; mark by `text`, whatever its case. */
  interface Reason {
    /** `subject`: of the row; `body`: the first message's plain text; `author`: who wrote it (nothing to mark). */
    field: "subject" | "body" | "author";
    start: number;
    end: number;
    text: string;
    source: "keyword" | "learnt" | "author";
  }

  interface Choice {
    team: TeamRef;
    area: AreaRef | null;
    /** 0 to 1. */
    share: number;
    reasons: Reason[];
  }

  interface QueueRow {
    id: number;
    url: string;
    subject: string;
    excerpt: string;
    private: boolean;
    forum: ForumRef;
    customer: { id: number; name: string; username: string };
    message_count: number;
    created_at: string;
    last_message_at: string;
    waiting_on: Waiting;
    waiting_since: string | null;
    /** Business minutes that the customer has waited for us; null while nobody does. */
    worked_minutes: number | null;
    impact: Impact;
    standing: Standing;
    snoozed_until: string | null;
    /** Asked long before the forum was connected: after everything else. */
    past: boolean;
    handed_back: boolean;
    handed_back_by: { team: TeamRef; why: string | null } | null;
    warn_at: string | null;
    due_at: string | null;
    due_kind: DueKind;
    /** Other threads of this customer. */
    earlier_threads: number;
    choices: Choice[];
    /** Whom of the first choice's team it would be for. */
    person: Member | null;
  }

  interface QueueFilter {
    standing?: "new" | "snoozed" | "no_action";
    forum_id?: number | null;
    team_id?: number | null;
    impact?: Impact | null;
    waiting_on?: "us" | "customer" | null;
    customer_id?: number | null;
    q?: string | null;
  }

  interface Queue {
    rows: QueueRow[];
    next_cursor: string | null;
    /** Of all pages. */
    count: number;
    /** What was decided before is still being learnt: suggestions get better in a moment. */
    behind: boolean;
  }

  interface AlikeThread {
    ticket: {
      id: number;
      subject: string;
      url: string;
      standing: Standing;
      impact: Impact;
      created_at: string;
      customer: { id: number; name: string; username: string };
    };
    /** 0 to 1. */
    likeness: number;
    words: string[];
    /** An open card that stands for it: link to it by `id` (ours). */
    card: { id: number; trello_id: string; name: string; url: string; team: TeamRef | null } | null;
    assigned_team: TeamRef | null;
  }

  type CustomerThread = OtherThread;

  /** One assignment, live or ended. */
  interface PastAssignment {
    id: number;
    team: TeamRef;
    area: AreaRef | null;
    person: Member | null;
    by: Member | null;
    at: string;
    ended_at: string | null;
    ended_how: "reassigned" | "handed_back" | "unlinked" | "undone" | null;
    ended_why: string | null;
  }

  interface QueueDetail {
    row: QueueRow;
    /** The first three and the last two; `messages_left_out` lie between. */
    messages: Message[];
    messages_left_out: number;
    features: Feature[];
    missing: Partial<Record<Feature, string>>;
    alike: AlikeThread[];
    customer_threads: CustomerThread[];
    /** Newest first. */
    history: PastAssignment[];
  }

  interface News {
    /** Send it as `since` next time. */
    cursor: number;
    /** Of the whole queue, unfiltered. */
    count: number;
    /** Too much has happened since: load the queue again. */
    reload: boolean;
    /** In the queue now and not before (or back again). Any of these lists may name a thing twice in a row of polls. */
    arrived: number[];
    left: Left[];
    /** Still in the queue, and different. */
    changed: number[];
    /** Others who have a thread open. */
    present: { person: Member; ticket_id: number }[];
    /** Proposed and open ones. */
    outages: OutageNotice[];
    behind: boolean;
  }

  interface Left {
    /** Of the event: say it once. */
    id: number;
    ticket_id: number;
    by: Member | null;
    what: "assign" | "link" | "no_action" | "snooze" | "settled";
    team: TeamRef | null;
    at: string;
  }

  interface OutageNotice {
    id: number;
    state: "proposed" | "open";
    area: AreaRef;
    team: TeamRef;
    title: string;
    /** `count`, `hours`, `usual`, `words`. */
    evidence: Record<string, unknown>;
    opened_at: string | null;
    next_word_at: string | null;
    /** The promised word is overdue. */
    late: boolean;
  }

  interface DecisionsWanted {
    kind: "assign" | "link" | "no_action" | "snooze";
    ticket_ids: number[];
    team_id?: number | null;
    area_id?: number | null;
    member_id?: string | null;
    /** Ours, as in `AlikeThread.card.id`. */
    card_id?: number | null;
    until?: string | null;
    /** For all of them together. */
    seconds?: number | null;
    /** Which suggestion was taken, by ticket id: 1 to 3, 0 for another team; left out where nothing was suggested. */
    ranks?: Record<string, number>;
    expected?: "new" | "snoozed" | "no_action";
    batch: string;
  }

  interface Decisions {
    batch: string;
    done: { ticket_id: number; decision_id: number; assignment_id: number | null; note: string | null }[];
    refused: DecisionRefused[];
  }

  interface DecisionRefused {
    ticket_id: number;
    code: string;
    detail: string;
    by_name: string | null;
    team: TeamRef | null;
    at: string | null;
  }

  interface Undone {
    undone: number[];
    refused: { ticket_id: number; detail: string }[];
  }

  interface BulkReplies {
    deliveries: { ticket_id: number; delivery_id: number }[];
    refused: { ticket_id: number; code: string; detail: string }[];
  }

  interface SavedView {
    id: number;
    name: string;
    filter: QueueFilter;
  }

  interface CannedReply {
    id: number;
    title: string;
    /** `{name}` becomes the customer's name. */
    text: string;
    used: number;
  }

  type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

  interface TriageSettings {
    hours: {
      time_zone: string;
      /** Opening and closing time; null: closed. */
      days: Record<Weekday, [string, string] | null>;
      holidays: string[];
    };
    /** Minutes of business time; null: no promise. */
    targets: Record<Impact, { first_answer: number | null; next_update: number | null }>;
  }

  // ---- Teams

  type TeamSetting = "board" | "members" | "forum_group" | "slack_channel" | "stand_up";

  interface StandUp {
    at: string;
    /** 0 is Monday. */
    days: number[];
    time_zone: string | null;
  }

  interface Team extends TeamRef {
    source: "board" | "settings";
    board: { id: number; trello_id: string; name: string } | null;
    inbox: { id: string; name: string } | null;
    members: Member[];
    forum_group: string | null;
    slack_channel: string | null;
    hook_kind: "slack" | "msteams" | null;
    hook_connected: boolean;
    stand_up: StandUp | null;
    stand_up_next_at: string | null;
    /** Cards can be made for it. */
    ready: boolean;
    /** What an admin set by hand: the board no longer changes it. */
    by_hand: TeamSetting[];
    areas: Area[];
    open_tickets: number;
  }

  interface Area extends AreaRef {
    keywords: string[];
    added_keywords: string[];
    owners: Member[];
    card_url: string | null;
  }

  interface TeamPerson extends Member {
    forum_username: string | null;
    slack_user_id: string | null;
  }

  interface Ownership {
    board: { id: number; trello_id: string; name: string; url: string } | null;
    read_at: string | null;
    read_error: string | null;
    problems: { text: string; name: string; url: string }[];
  }

  interface Teams {
    teams: Team[];
    people: TeamPerson[];
    ownership: Ownership;
  }

  /** What is left out stays as it is. */
  interface TeamWanted {
    name?: string;
    board_trello_id?: string | null;
    inbox_list_id?: string | null;
    member_ids?: string[];
    forum_group?: string | null;
    slack_channel?: string | null;
    hook_kind?: "slack" | "msteams" | null;
    /** Never sent back; null disconnects. */
    hook_url?: string | null;
    stand_up?: StandUp | null;
    /** Give these back to the Ownership board. */
    reset?: TeamSetting[];
  }

  interface AuditFinding {
    key: string;
    kind: "unowned_area" | "misleading_word" | "overloaded_team" | "unmatched_threads";
    text: string;
    proposal: string;
    url: string | null;
    keyword: string | null;
    area_id: number | null;
    team_id: number | null;
    /** Of `misleading_word`: to which area the word should lead instead, where that is known. */
    move_to_area_id: number | null;
    /** Of `unmatched_threads`: words that could become keywords. */
    words: string[];
  }

  /** GET /boards. */
  interface WorkspaceBoards {
    boards: { id: string; name: string; url: string }[];
  }

  /** GET /boards/<id>/lists. */
  interface BoardLists {
    lists: { id: string; name: string }[];
    members: Member[];
  }

  interface CardAssignment {
    id: number;
    ticket_id: number;
    team: TeamRef;
    area: AreaRef | null;
    person: Member | null;
    by: Member | null;
    at: string;
  }

  interface Workspace {
    id: number;
    name: string;
    slack_connected: boolean;
    slack_bot_connected: boolean;
    /** Messages carry buttons that act. */
    slack_buttons: boolean;
    /** What an admin enters as the Slack app's "Request URL"; null for others, and before there is an app. */
    slack_request_url: string | null;
    role: "admin" | "normal";
  }
}
