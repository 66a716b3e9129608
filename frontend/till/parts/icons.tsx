/** The till's own icons, drawn like the shared set: 24 px, 1.75 px stroke, round joins. */
import type { ComponentChildren } from 'preact'

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  )
}

export const CameraIcon = () => (
  <Icon>
    <path d="M4 8.5h3.2L9 6h6l1.8 2.5H20v10H4z" />
    <circle cx="12" cy="13" r="3.2" />
  </Icon>
)
export const TorchIcon = () => (
  <Icon>
    <path d="M8 3.5h8v3.2L14 10v10.5h-4V10L8 6.700zM12 13v2.500" />
  </Icon>
)
export const TurnIcon = () => (
  <Icon>
    <path d="M4.500 12a7.500 7.500 0 0 1 13-5.100L19.500 9M19.500 4.500V9H15M19.500 12a7.500 7.500 0 0 1-13 5.100L4.500 15M4.500 19.500V15H9" />
  </Icon>
)
export const KeysIcon = () => (
  <Icon>
    <rect x="3" y="6.500" width="18" height="11" rx="2.500" />
    <path d="M7 10.500h.01M10.400 10.500h.01M13.700 10.500h.01M17 10.500h.01M8.500 14h7" />
  </Icon>
)
export const MenuIcon = () => (
  <Icon>
    <path d="M4.500 7h15M4.500 12h15M4.500 17h15" />
  </Icon>
)
export const PlusIcon = () => (
  <Icon>
    <path d="M12 5.500v13M5.500 12h13" />
  </Icon>
)
export const PhoneIcon = () => (
  <Icon>
    <rect x="6.500" y="3" width="11" height="18" rx="2.500" />
    <path d="M10.500 17.500h3" />
  </Icon>
)
