// @ts-check
/** What Trello may ask of Closeloop. Nothing else lives here. */
import { attachmentSections } from "./capabilities/attachment-sections.js";
import { authorizationStatus } from "./capabilities/authorization-status.js";
import { boardButtons } from "./capabilities/board-buttons.js";
import { cardBackSection } from "./capabilities/card-back-section.js";
import { cardBadges } from "./capabilities/card-badges.js";
import { cardButtons } from "./capabilities/card-buttons.js";
import { cardDetailBadges } from "./capabilities/card-detail-badges.js";
import { cardFromUrl } from "./capabilities/card-from-url.js";
import { formatUrl } from "./capabilities/format-url.js";
import { onEnable } from "./capabilities/on-enable.js";
import { showAuthorization } from "./capabilities/show-authorization.js";
import { showSettings } from "./capabilities/show-settings.js";
import { initialize } from "./lib/trello.js";

initialize({
  "attachment-sections": attachmentSections,
  "authorization-status": authorizationStatus,
  "board-buttons": boardButtons,
  "card-back-section": cardBackSection,
  "card-badges": cardBadges,
  "card-buttons": cardButtons,
  "card-detail-badges": cardDetailBadges,
  "card-from-url": cardFromUrl,
  "format-url": formatUrl,
  "on-enable": onEnable,
  "show-authorization": showAuthorization,
  "show-settings": showSettings,
});
