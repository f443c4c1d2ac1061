import { writeFileSync } from 'node:fs';
import { currentMessagesPage, messagesPagePath } from './current-messages-page.js';

writeFileSync(messagesPagePath, await currentMessagesPage());
