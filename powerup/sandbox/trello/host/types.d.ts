/** What the host page reads from the sandbox server, and the shapes of the Power-Up protocol. Types only: never loaded by a browser. */

export interface Person {
  id: string;
  fullName: string;
  username: string;
  initials: string;
  avatarUrl?: string | null;
}

export interface Label {
  id: string;
  name: string;
  color: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  url: string;
  date?: string;
}

export interface Card {
  id: string;
  shortLink: string;
  idShort: number;
  idList: string;
  idBoard: string;
  name: string;
  desc: string;
  url: string;
  pos: number;
  closed: boolean;
  due?: string | null;
  dueComplete?: boolean;
  start?: string | null;
  dateLastActivity: string;
  idMembers: string[];
  labels: Label[];
  attachments: Attachment[];
  badges?: Record<string, unknown>;
}

export interface List {
  id: string;
  name: string;
  pos: number;
  closed?: boolean;
}

export interface Organization {
  id: string;
  name: string;
  displayName?: string;
}

export interface PluginInfo {
  id: string;
  name: string;
  icon?: string | null;
  connector: string;
}

export interface BoardSummary {
  id: string;
  name: string;
  shortLink: string;
  url: string;
}

export interface Board extends BoardSummary {
  idOrganization: string | null;
  organization: Organization | null;
  dateLastActivity?: string;
  /** Whether the person looking may change the board. */
  permission: 'read' | 'write';
  memberships: { idMember: string; memberType: string }[];
  members: Person[];
  labels: Label[];
  lists: List[];
  cards: Card[];
  plugins: PluginInfo[];
}

export interface State {
  revision: number;
  member: Person | null;
  people: (Person & { key: string; blurb?: string })[];
  boards: BoardSummary[];
  board: Board | null;
  links: { label: string; url: string }[];
}

export interface Action {
  id: string;
  type: string;
  date: string;
  memberCreator?: { id: string; fullName: string; initials?: string } | null;
  member?: { id: string; fullName: string } | null;
  data: {
    text?: string;
    card?: { name?: string };
    list?: { name?: string };
    listBefore?: { name: string };
    listAfter?: { name: string };
    attachment?: { name?: string; url?: string };
    member?: { id: string; name: string };
  };
}

export interface Change {
  revision: number;
  boards: string[];
}

export interface Permissions {
  board: 'read' | 'write';
  card?: 'read' | 'write';
  organization?: 'read' | 'write';
}

export interface Context {
  board: string;
  card?: string;
  list?: string;
  organization?: string;
  member: string;
  plugin: string;
  permissions: Permissions;
  theme: 'light' | 'dark';
  initialTheme: 'light' | 'dark';
  version: string;
  command?: string;
  el?: string;
}

export interface CallbackRef {
  _callback: string;
}

export interface Badge {
  text?: string;
  title?: string;
  icon?: string;
  color?: string | null;
  monochrome?: boolean;
  refresh?: number;
  callback?: CallbackRef;
  url?: string;
  target?: string;
  dynamic?: CallbackRef;
}

export interface Button {
  text: string;
  icon?: string | { dark: string; light: string };
  condition?: string;
  callback?: CallbackRef;
  url?: string;
  target?: string;
}

export interface IframeContent {
  type: 'iframe';
  url: string;
  height?: number;
  width?: number;
  title?: string;
  accentColor?: string;
  fullscreen?: boolean;
  resizable?: boolean;
  actions?: ModalAction[];
  callback?: CallbackRef;
}

export interface ModalAction {
  icon: string;
  alt: string;
  callback?: CallbackRef;
  url?: string;
  position?: 'left' | 'right';
}

export interface ListItem {
  text: string | CallbackRef;
  callback?: CallbackRef;
  url?: string;
  alwaysVisible?: boolean;
}

export interface PopupRequest {
  context: Context;
  title?: string;
  pos?: { x: number; y: number };
  callback?: CallbackRef;
  content: {
    type: 'iframe' | 'list' | 'confirm' | 'date' | 'datetime';
    url?: string;
    height?: number;
    items?: ListItem[] | CallbackRef;
    search?: { count?: number; placeholder?: string; empty?: string; searching?: string; debounce?: number };
    message?: string;
    confirmText?: string;
    confirmStyle?: 'primary' | 'danger';
    onConfirm?: CallbackRef;
    cancelText?: string;
    onCancel?: CallbackRef;
    callback?: CallbackRef;
    date?: string;
    minDate?: string;
    maxDate?: string;
  };
}

export interface CardBackSection {
  title: string;
  icon: string;
  content: { type: 'iframe'; url: string; height?: number };
  action?: { text: string; callback: CallbackRef };
}

export interface AttachmentSection {
  id?: string;
  claimed: { id: string }[];
  icon: string;
  title: string | CallbackRef;
  content: { type: 'iframe'; url: string; height?: number };
}

export interface FormattedUrl {
  icon?: string;
  text: string;
  subtext?: string;
}
