export { counted } from '../../figures/text.js';
