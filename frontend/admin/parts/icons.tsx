/** The panel's own icons, drawn like the shared ones. */
import { Icon } from '../../shared/parts/icons.tsx'

export const HomeIcon = () => <Icon><path d="M4 11l8-7 8 7v8.5a1 1 0 0 1-1 1h-4.5v-6h-5v6H5a1 1 0 0 1-1-1z" /></Icon>
export const PeopleIcon = () => <Icon><circle cx="9" cy="8.5" r="3.5" /><path d="M2.5 20c.6-3.7 3.2-5.5 6.5-5.5s5.9 1.8 6.5 5.5" /><path d="M15.5 5.300a3.5 3.5 0 0 1 0 6.400M17.5 14.800c2.2.600 3.6 2.4 4 5.2" /></Icon>
export const RolesIcon = () => <Icon><circle cx="8" cy="15.5" r="4.5" /><path d="M11.3 12.300L20 3.500M16 7.500l3 3M13.5 10l2 2" /></Icon>
export const InboxIcon = () => <Icon><path d="M4 13.500l2.5-8.500h11l2.5 8.500v5.500a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z" /><path d="M4 13.500h4.500l1.5 2.500h4l1.5-2.500H20" /></Icon>
export const JournalIcon = () => <Icon><path d="M6 3.500h11.500a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H6a1.5 1.5 0 0 1-1.5-1.500V5A1.5 1.5 0 0 1 6 3.500z" /><path d="M8.5 8.500h6M8.5 12h6M8.5 15.500h3.5" /></Icon>
export const AlertIcon = () => <Icon><path d="M12 4l9 16H3z" /><path d="M12 10v4.500M12 17.500v.010" /></Icon>
export const MenuIcon = () => <Icon><path d="M4 7h16M4 12h16M4 17h16" /></Icon>
export const OutIcon = () => <Icon><path d="M10 4.500H5.500a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H10M15 8l4 4-4 4M19 12H9.5" /></Icon>
export const CopyIcon = () => <Icon><rect x="8.5" y="8.5" width="12" height="12" rx="2" /><path d="M15.5 5.500a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2" /></Icon>
export const CardIcon = () => <Icon><rect x="3" y="5.5" width="18" height="13" rx="2" /><path d="M3 10h18M6.500 14.500h4" /></Icon>
export const TillIcon = () => <Icon><rect x="5" y="3.500" width="14" height="6.500" rx="1" /><path d="M4 20.500h16l-1.500-10.500h-13zM9 14h.01M12 14h.01M15 14h.01M9 17h6" /></Icon>
export const PlugIcon = () => <Icon><path d="M9 3.500v4M15 3.500v4M6.500 7.500h11v4a5.500 5.500 0 0 1-11 0zM12 17v4" /></Icon>
export const CoinsIcon = () => <Icon><ellipse cx="9.500" cy="7" rx="6" ry="3" /><path d="M3.500 7v5c0 1.700 2.700 3 6 3M15.500 7v2.500" /><ellipse cx="14.500" cy="14" rx="6" ry="3" /><path d="M8.500 14v4c0 1.700 2.700 3 6 3s6-1.300 6-3v-4" /></Icon>
export const OperationIcon = () => <Icon><path d="M6 3.500h12v17l-2-1.500-2 1.500-2-1.500-2 1.500-2-1.500-2 1.500zM9 8h6M9 12h6" /></Icon>
export const WebhookIcon = () => <Icon><path d="M4 12h11M11 7.500l4.500 4.500-4.500 4.500" /><path d="M14 4.500h4.500a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H14" /></Icon>
export const MemberIcon = () => <Icon><circle cx="12" cy="8" r="4" /><path d="M4.500 20.500c.8-4.200 3.700-6 7.500-6s6.700 1.800 7.500 6" /></Icon>
export const TwinsIcon = () => <Icon><circle cx="8" cy="8.5" r="3.500" /><circle cx="16" cy="8.500" r="3.500" /><path d="M2.500 19.500c.5-3.500 2.700-5 5.500-5 1.700 0 3.100.600 4 1.800.900-1.200 2.300-1.800 4-1.800 2.800 0 5 1.500 5.500 5" /></Icon>
export const GiftIcon = () => <Icon><rect x="3.500" y="8.500" width="17" height="4" rx="1" /><path d="M5 12.500v8h14v-8M12 8.500v12M12 8.500c-4.500 0-5.500-5-2.500-5 2 0 2.500 3 2.500 5zm0 0c4.500 0 5.500-5 2.500-5-2 0-2.500 3-2.500 5z" /></Icon>
export const CloudIcon = () => <Icon><path d="M7 18.500a4 4 0 0 1-.500-8 5.500 5.500 0 0 1 10.700-1.200A4.600 4.600 0 0 1 17 18.500z" /></Icon>
export const LetterIcon = () => <Icon><rect x="3" y="5.500" width="18" height="13" rx="2" /><path d="M3.500 7l8.500 6 8.500-6" /></Icon>
export const PulseIcon = () => <Icon><path d="M3 12h4l2.500-6 4 12 3-6H21" /></Icon>
