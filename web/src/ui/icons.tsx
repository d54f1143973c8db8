import type { ComponentChildren } from 'preact';

// Drawn for Parley on a 24 × 24 grid, 1.8 wide, in the colour of the text.

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

/** Two voices that overlap. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-field" width="32" height="32" rx="9" />
      <path
        class="mark-first"
        d="M7 11.5A4.5 4.5 0 0 1 11.5 7h5A4.5 4.5 0 0 1 21 11.5v1A4.5 4.5 0 0 1 16.5 17H12l-3.6 2.7c-.6.4-1.4 0-1.4-.8z"
      />
      <path
        class="mark-second"
        d="M23 12.3a4.5 4.5 0 0 1 2.5 4v7.6c0 .7-.8 1.1-1.4.7L20.6 22H16a4.5 4.5 0 0 1-3.7-2h4.2A6.5 6.5 0 0 0 23 13.5z"
      />
    </svg>
  );
}

export const MicIcon = () => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </Icon>
);

export const MicOffIcon = () => (
  <Icon>
    <path d="M15 10.5V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.4 2.6M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5c0 .9-.2 1.7-.5 2.5M12 18v3M4 3.5l16 17" />
  </Icon>
);

export const CamIcon = () => (
  <Icon>
    <rect x="3" y="6" width="12.5" height="12" rx="3" />
    <path d="m15.5 11 4-2.6c.7-.4 1.5 0 1.5.8v5.6c0 .8-.8 1.2-1.5.8l-4-2.6" />
  </Icon>
);

/** A small window in a large one. */
export const FloatIcon = () => (
  <Icon>
    <rect x="3" y="5" width="18" height="14" rx="3" />
    <rect x="11.5" y="11.5" width="6.5" height="4.5" rx="1.2" />
  </Icon>
);

export const CamOffIcon = () => (
  <Icon>
    <path d="M10 6h2.5a3 3 0 0 1 3 3v2l4-2.6c.7-.4 1.5 0 1.5.8v5.6c0 .8-.8 1.2-1.5.8l-2-1.3M15.3 16A3 3 0 0 1 12.5 18H6a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3M4 3.5l16 17" />
  </Icon>
);

export const ChatIcon = () => (
  <Icon>
    <path d="M4 8.5A4.5 4.5 0 0 1 8.5 4h7A4.5 4.5 0 0 1 20 8.5v4a4.5 4.5 0 0 1-4.5 4.5H10l-4.3 3.2c-.7.5-1.7 0-1.7-.8z" />
    <path d="M8.5 9h7M8.5 12.5h4.5" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14a6.5 6.5 0 0 1 3.5 5.5" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M3.3 15.2c-.9-1.6-.5-3.6 1-4.7a13 13 0 0 1 15.4 0c1.5 1.1 1.9 3.1 1 4.7-.4.7-1.2 1-1.9.8l-2.6-.8c-.7-.2-1.1-.8-1.1-1.5v-1.6a11 11 0 0 0-6.2 0v1.6c0 .7-.4 1.3-1.1 1.5L5.2 16c-.7.2-1.5-.1-1.9-.8z" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M6 6l12 12" />
  </Icon>
);

export const LinkIcon = () => (
  <Icon>
    <path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3" />
    <path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1" />
  </Icon>
);

export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.5" />
    <circle cx="8" cy="17" r="2.5" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3" />
  </Icon>
);

export const HelpIcon = () => (
  <Icon>
    <rect x="2.5" y="6" width="19" height="12" rx="3" />
    <path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M4.5 5.5c-.3-.9.6-1.7 1.4-1.3l14 7c.8.4.8 1.5 0 1.9l-14 6.7c-.8.4-1.7-.4-1.4-1.3L7 12zM7 12h6" />
  </Icon>
);

export const SmileIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M8.5 14.2a4.2 4.2 0 0 0 7 0M9.3 9.6v.2M14.7 9.6v.2" />
  </Icon>
);

export const AttachIcon = () => (
  <Icon>
    <path d="m19 11.5-7 7a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3 3 0 0 1 4.3 4.3l-7.3 7.3a1.4 1.4 0 0 1-2-2l6.4-6.4" />
  </Icon>
);

export const FileIcon = () => (
  <Icon>
    <path d="M7 3.5h6.5L18.5 8.5v10.5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5zM13.5 3.5v5h5" />
  </Icon>
);

export const DeleteIcon = () => (
  <Icon>
    <path d="M4.5 6.5h15M9.5 6.5V5a1.5 1.5 0 0 1 1.5-1.5h2A1.5 1.5 0 0 1 14.5 5v1.5M6.5 6.5l.8 12a2 2 0 0 0 2 1.9h5.400a2 2 0 0 0 2-1.9l.8-12M10 10.5v6M14 10.5v6" />
  </Icon>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />
  </Icon>
);

export const HistoryIcon = () => (
  <Icon>
    <path d="M3.5 12a8.5 8.5 0 1 0 2.7-6.2L3.5 8.3M3.5 4v4.3h4.3M12 7.5V12l3 2" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M19 12H5M11 6l-6 6 6 6" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon>
    <path d="M5 12h14M13 6l6 6-6 6" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M12 4.5 3.2 19a.7.7 0 0 0 .6 1h16.4a.7.7 0 0 0 .6-1zM12 10.5v4M12 17h.01" />
  </Icon>
);

export const SpeakerIcon = () => (
  <Icon>
    <path d="M4 10v4a1 1 0 0 0 1 1h3l4.3 3.6c.7.5 1.7.1 1.7-.8V6.2c0-.9-1-1.3-1.7-.8L8 9H5a1 1 0 0 0-1 1zM17.5 9a4.5 4.5 0 0 1 0 6" />
  </Icon>
);

/** A globe. */
export const LanguageIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.5 12h17M12 3.5c2.4 2.3 3.6 5.2 3.6 8.5s-1.2 6.2-3.6 8.5c-2.4-2.3-3.6-5.2-3.6-8.5s1.2-6.2 3.6-8.5z" />
  </Icon>
);

/** A pencil. */
export const EditIcon = () => (
  <Icon>
    <path d="M4.5 19.5l.9-4L15.6 5.3a2 2 0 0 1 2.8 0l.3.3a2 2 0 0 1 0 2.8L8.5 18.6zM13.5 7.5l3 3" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="12" cy="8" r="3.5" />
    <path d="M5.5 19.5a6.5 6.5 0 0 1 13 0" />
  </Icon>
);

/** An ear. */
export const ListenerIcon = () => (
  <Icon>
    <path d="M6.5 9.5a5.5 5.5 0 0 1 11 0c0 4-3.5 4.5-3.5 7.5a3 3 0 0 1-5.2 2M9.5 10a2.5 2.5 0 0 1 5 0c0 1.6-1.5 2-1.5 3.5" />
  </Icon>
);

/** An open hand. */
export const HandIcon = () => (
  <Icon>
    <path d="M7.5 12.5V6.3a1.4 1.4 0 0 1 2.8 0V11M10.3 10.5V4.4a1.4 1.4 0 0 1 2.8 0v6.1M13.1 10.5V5.6a1.4 1.4 0 0 1 2.8 0v6M15.9 11V8.4a1.4 1.4 0 0 1 2.8 0v5.8a6.6 6.6 0 0 1-6.6 6.6c-2.4 0-4-.9-5.3-2.8l-2.9-4.3a1.4 1.4 0 0 1 2.2-1.7l1.4 1.5" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="5" y="10.5" width="14" height="9.5" rx="2.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

export const CrownIcon = () => (
  <Icon>
    <path d="m4 8 3.5 3L12 5l4.5 6L20 8l-1.5 10h-13z" />
  </Icon>
);

export const ScreenIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12" rx="2.5" />
    <path d="M9 20h6M12 13.5V8M9.5 10 12 7.5l2.5 2.5" />
  </Icon>
);

/** Two ends and the way between them. */
export const PathIcon = () => (
  <Icon>
    <circle cx="5.5" cy="17" r="2.5" />
    <circle cx="18.5" cy="7" r="2.5" />
    <path d="M8 16.5c6 0 2-8.5 8-9" />
  </Icon>
);

/** A pin, driven in from above. */
export function PinIcon() {
  return (
    <Icon>
      <path d="M9 4h6l-.8 6.2 3 2.8v2H6.8v-2l3-2.8z" />
      <path d="M12 15v5.5" />
    </Icon>
  );
}

/** Bars of which only the lowest is there. */
export function WeakNetworkIcon() {
  return (
    <Icon>
      <path d="M5 20v-5" stroke-width="3.4" />
      <path d="M12 20v-10M19 20v-15" stroke-width="3.4" opacity="0.35" />
    </Icon>
  );
}
