/**
 * What we use of Trello's Power-Up client library, and no more. Trello publishes no types.
 * https://developer.atlassian.com/cloud/trello/power-ups/client-library/
 */

export type Theme = "light" | "dark" | null;
export type Access = "read" | "write";
export type Scope = "board" | "card" | "member" | "organization" | (string & {});
export type Visibility = "shared" | "private";
export type BadgeColor =
  | "blue"
  | "green"
  | "orange"
  | "red"
  | "yellow"
  | "purple"
  | "pink"
  | "sky"
  | "lime"
  | "light-gray";
export type Condition = "admin" | "edit" | "readOnly" | "signedIn" | "signedOut" | "always";

/** Where we are and who looks, as the browser says: never believed by our server. */
export interface TrelloContext {
  board: string;
  card?: string;
  list?: string;
  organization?: string;
  /** A member's id, or `notLoggedIn`. */
  member: string;
  plugin?: string;
  command?: string;
  /** The clicked element; only in callbacks and when settings open. */
  el?: string;
  permissions?: { board: Access; card?: Access; organization?: Access };
  theme?: Theme;
  initialTheme?: Theme;
}

export interface TrelloMember {
  id: string;
  fullName: string | null;
  username: string;
  avatar: string | null;
  initials: string | null;
}

export interface TrelloAttachment {
  id: string;
  url: string;
  name: string;
}

export interface TrelloLabel {
  id: string;
  name: string;
  color: string | null;
}

export interface TrelloCard {
  id: string;
  name: string;
  desc: string;
  url: string;
  shortLink: string;
  idList: string;
  closed: boolean;
  due: string | null;
  dueComplete: boolean;
  dateLastActivity: string;
  attachments: TrelloAttachment[];
  members: TrelloMember[];
  labels: TrelloLabel[];
}

export interface TrelloList {
  id: string;
  name: string;
  cards: TrelloCard[];
}

export interface TrelloBoard {
  id: string;
  name: string;
  url: string;
  shortLink: string;
  idOrganization: string | null;
  members: TrelloMember[];
  labels: TrelloLabel[];
  memberships: { idMember: string; memberType: string }[];
}

/** A function given to Trello: it is called with a `t` of its own, the right one for popups. */
export type Callback<Options = unknown> = (t: TrelloClient, options: Options) => unknown;

interface AnyButton {
  text: string;
  /** For whom it is; `edit` unless said. */
  condition?: Condition;
  /** Either this or an address. */
  callback?: Callback;
  url?: string;
  target?: string;
}

/** In the Power-Ups menu of an open card. */
export interface Button extends AnyButton {
  icon: string;
}

/** Above the lists: https://developer.atlassian.com/cloud/trello/power-ups/capabilities/board-buttons/ */
export interface BoardButton extends AnyButton {
  /** Absolute addresses (the library leaves `./` here alone): `dark` is for dark backgrounds, `light` for light ones. */
  icon: { dark: string; light: string };
}

export interface CardBadge {
  text?: string;
  icon?: string;
  color?: BadgeColor | null;
  /** False keeps the colours of the icon. */
  monochrome?: boolean;
  /** Seconds until a dynamic badge is asked again; at least 10. */
  refresh?: number;
}

export interface CardDetailBadge {
  title?: string;
  text: string;
  color?: BadgeColor | null;
  callback?: Callback;
  url?: string;
  target?: string;
  refresh?: number;
}

/** The function gives one badge, with `refresh` for when to ask again. */
export interface Dynamic<Badge> {
  dynamic: (t: TrelloClient) => Badge | Promise<Badge>;
}
export type CardBadges = (CardBadge | Dynamic<CardBadge>)[];
export type CardDetailBadges = (CardDetailBadge | Dynamic<CardDetailBadge>)[];

export interface IframeContent {
  type: "iframe";
  /** Signed with `t.signUrl`. */
  url: string;
  height?: number;
}

export interface CardBackSection {
  title: string;
  icon: string;
  content: IframeContent;
  action?: { text: string; callback: Callback };
}

export interface AttachmentSection {
  id?: string;
  claimed: TrelloAttachment[];
  icon: string;
  title: string | (() => string);
  content: IframeContent;
}

export interface FormattedUrl {
  icon: string;
  text: string;
  subtext?: string;
}

interface PopupPlace {
  title: string;
  /** Needed inside a page of ours; in a callback Trello knows the clicked element. */
  mouseEvent?: MouseEvent;
}

export interface IframePopup extends PopupPlace {
  url: string;
  args?: object;
  height?: number;
  /** Runs when the page says `t.notifyParent("done")`. */
  callback?: Callback;
}

export interface PopupItem {
  text: string;
  callback?: Callback;
  url?: string;
}

export interface ListPopup extends PopupPlace {
  items: PopupItem[] | ((t: TrelloClient, options: { search: string }) => PopupItem[] | Promise<PopupItem[]>);
  search?: { count?: number; placeholder?: string; empty?: string; searching?: string; debounce?: number };
}

export interface ConfirmPopup extends PopupPlace {
  type: "confirm";
  message: string;
  confirmText: string;
  confirmStyle?: "primary" | "danger";
  onConfirm: Callback;
  cancelText?: string;
  onCancel?: Callback;
}

export interface DatePopup extends PopupPlace {
  type: "date" | "datetime";
  callback: Callback<{ date: string }>;
  date?: Date | string;
  minDate?: Date | string;
  maxDate?: Date | string;
}

/** A small icon in a window's title bar. */
export interface WindowAction {
  icon: string;
  alt: string;
  callback?: Callback;
  url?: string;
  /** At most one is on the right. */
  position?: "left" | "right";
}

/** One window at a time: a second one replaces the first. https://developer.atlassian.com/cloud/trello/power-ups/ui-functions/modal/ */
export interface Modal {
  /** Signed by the library; may begin with `./`. */
  url: string;
  /** Read with `t.arg` in the page. */
  args?: object;
  title?: string;
  /** A colour's name as of badges, or a hex value; the title bar's background. */
  accentColor?: BadgeColor | `#${string}`;
  /** In pixels, 400 unless said; of no meaning with `fullscreen`. */
  height?: number;
  fullscreen?: boolean;
  /** At most three. */
  actions?: WindowAction[];
  /** Runs when the window closes. */
  callback?: Callback;
}

export interface BoardBar extends Omit<Modal, "fullscreen"> {
  resizable?: boolean;
}

/** `t`: the way to talk to Trello, in a handler, a callback or a page. */
export interface TrelloClient {
  getContext(): TrelloContext;
  isMemberSignedIn(): boolean;
  memberCanWriteToModel(model: "board" | "card" | "organization"): boolean;
  arg<Value = unknown>(name: string, otherwise?: Value): Value;
  signUrl(url: string, args?: object): string;
  safe(text: string): string;
  notifyParent(message: string, options?: { targetOrigin?: string }): void;
  NotHandled(message?: string): Error;

  /** Rejects when nobody is signed in. The answer is good for 15 minutes and is not kept by the library. */
  jwt(options?: { state?: string }): Promise<string>;

  get<Value = unknown>(scope: Scope, visibility: Visibility, key?: string, otherwise?: Value): Promise<Value>;
  getAll(): Promise<Record<string, Record<Visibility, Record<string, unknown>>>>;
  set(scope: Scope, visibility: Visibility, key: string, value: unknown): Promise<void>;
  set(scope: Scope, visibility: Visibility, values: Record<string, unknown>): Promise<void>;
  remove(scope: Scope, visibility: Visibility, keys: string | string[]): Promise<void>;

  card(): Promise<TrelloCard>;
  card(all: "all"): Promise<TrelloCard>;
  card<Field extends keyof TrelloCard>(...fields: Field[]): Promise<Pick<TrelloCard, Field>>;
  cards<Field extends keyof TrelloCard>(...fields: Field[]): Promise<Pick<TrelloCard, Field>[]>;
  list<Field extends keyof TrelloList>(...fields: Field[]): Promise<Pick<TrelloList, Field>>;
  lists<Field extends keyof TrelloList>(...fields: Field[]): Promise<Pick<TrelloList, Field>[]>;
  board<Field extends keyof TrelloBoard>(...fields: Field[]): Promise<Pick<TrelloBoard, Field>>;
  member<Field extends keyof TrelloMember>(...fields: Field[]): Promise<Pick<TrelloMember, Field>>;
  organization(...fields: ("id" | "name")[]): Promise<{ id: string; name: string }>;
  /** Throws at once when the member may not change the card. */
  attach(attachment: { url: string; name?: string }): Promise<unknown>;

  popup(popup: IframePopup | ListPopup | ConfirmPopup | DatePopup): Promise<void>;
  back(): Promise<void>;
  closePopup(): Promise<void>;
  modal(modal: Modal): Promise<void>;
  updateModal(changes: Pick<Modal, "title" | "accentColor" | "fullscreen" | "actions">): Promise<void>;
  closeModal(): Promise<void>;
  boardBar(bar: BoardBar): Promise<void>;
  closeBoardBar(): Promise<void>;
  /** 1 to 140 characters, for 5 to 30 seconds. */
  alert(alert: {
    message: string;
    duration?: number;
    display?: "info" | "success" | "warning" | "error";
  }): Promise<void>;
  hideAlert(): Promise<void>;
  sizeTo(what: string | HTMLElement | number): Promise<void>;
  navigate(where: { url: string }): Promise<void>;
  showCard(idCard: string): Promise<void>;
  hideCard(): Promise<void>;

  /** Called after the page has loaded, and again when something it shows may have changed. */
  render(draw: () => unknown): void;
  getColorToken(name: string): string;
  getComputedColorToken(name: string, otherwise?: string): string;
  subscribeToThemeChanges(heard: (theme: Theme) => void): () => void;
  localizeKey(key: string, args?: Record<string, unknown>): string;
  localizeKeys(keys: (string | [string, Record<string, unknown>])[]): string[];
  localizeNode(node: Element): void;
}

type Answer<Value> = Value | Promise<Value>;
type Asked<Extra> = { context: TrelloContext; locale?: string } & Extra;

/** What the connector may offer; each throws `t.NotHandled()` for "not mine" where Trello asks everybody. */
export interface Capabilities {
  "board-buttons"?: (t: TrelloClient, asked: Asked<object>) => Answer<BoardButton[]>;
  "card-buttons"?: (t: TrelloClient, asked: Asked<object>) => Answer<Button[]>;
  "card-badges"?: (t: TrelloClient, asked: Asked<{ attachments?: TrelloAttachment[] }>) => Answer<CardBadges>;
  "card-detail-badges"?: (
    t: TrelloClient,
    asked: Asked<{ attachments?: TrelloAttachment[] }>,
  ) => Answer<CardDetailBadges>;
  "card-back-section"?: (t: TrelloClient, asked: Asked<object>) => Answer<CardBackSection | null>;
  "attachment-sections"?: (
    t: TrelloClient,
    asked: Asked<{ entries: TrelloAttachment[] }>,
  ) => Answer<AttachmentSection[]>;
  "attachment-thumbnail"?: (t: TrelloClient, asked: Asked<{ url: string; name?: string }>) => Answer<object>;
  "format-url"?: (t: TrelloClient, asked: Asked<{ url: string }>) => Answer<FormattedUrl>;
  "card-from-url"?: (t: TrelloClient, asked: Asked<{ url: string }>) => Answer<{ name: string; desc?: string }>;
  "list-actions"?: (t: TrelloClient, asked: Asked<object>) => Answer<{ text: string; callback: Callback }[]>;
  "list-sorters"?: (
    t: TrelloClient,
    asked: Asked<object>,
  ) => Answer<{ text: string; callback: Callback<{ cards: TrelloCard[] }> }[]>;
  "show-settings"?: (t: TrelloClient, asked: Asked<object>) => unknown;
  "authorization-status"?: (t: TrelloClient, asked: Asked<object>) => Answer<{ authorized: boolean }>;
  "show-authorization"?: (t: TrelloClient, asked: Asked<object>) => unknown;
  "on-enable"?: (t: TrelloClient, asked: Asked<object>) => unknown;
  "on-disable"?: (t: TrelloClient, asked: Asked<object>) => unknown;
  "remove-data"?: (t: TrelloClient, asked: Asked<object>) => unknown;
}

export interface ClientOptions {
  /** The board's origin; https://trello.com unless said. Messages to any other are dropped by the browser. */
  targetOrigin?: string;
  appKey?: string;
  appName?: string;
  localization?: { defaultLocale: string; supportedLocales: string[]; resourceUrl: string };
}

export interface TrelloPowerUpLibrary {
  readonly version: string;
  readonly Promise: PromiseConstructor;
  /** For the connector page, once. */
  initialize(capabilities: Capabilities, options?: ClientOptions): unknown;
  /** For every other page, once. */
  iframe(options?: ClientOptions): TrelloClient;
}

declare global {
  interface Window {
    /** Absent when Trello's script did not load. */
    TrelloPowerUp?: TrelloPowerUpLibrary;
    locale?: string;
  }
}
