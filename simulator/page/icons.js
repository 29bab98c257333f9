/** Line icons on a 24 × 24 grid, and the names by which cards ask for them. */
const PATHS = {
  attach: "M8 12.5 14.5 6a3.2 3.2 0 0 1 4.5 4.5l-8.6 8.6a5 5 0 0 1-7-7L11 4.5",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6l1-7z",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  check: "M5 12.5 10 17.5 19.5 7",
  check_circle: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8 12.4l2.8 2.8L16.2 9.6",
  chevron: "M9.5 6 15.5 12 9.5 18",
  clock: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5.2l3.4 2",
  close: "M6 6 18 18M18 6 6 18",
  copy: "M8 8h11v12H8zM5 16V4h11",
  dollar: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM9 8l3 4.5L15 8M12 12.5V17M9.2 12.6h5.6M9.2 14.8h5.6",
  delete: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
  error: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7.2v6M12 16.4v.2",
  folder: "M3 6h6.5l2 2.5H21V19H3z",
  folder_open: "M3 19V6h6.5l2 2.5H19V11M3 19l3-8h16l-3 8z",
  home: "M4 11.5 12 4l8 7.5M6.5 10v10h11V10",
  hourglass: "M7 3.5h10M7 20.5h10M8 3.5c0 5 8 7 8 12v5M16 3.5c0 5-8 7-8 12v5",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.2v.1",
  info: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 11v6M12 7.4v.2",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mail: "M3.5 6h17v12h-17zM4 7l8 6 8-6",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  pause: "M9 6v12M15 6v12",
  people: "M12.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM3 19.5c.5-4 3-5.5 6-5.5s5.5 1.5 6 5.5M15 5.3a3.5 3.5 0 0 1 0 6.4M17 14.5c2.3.6 3.7 2.2 4 5",
  person: "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20c.6-4.5 3.6-6 7.5-6s6.9 1.5 7.5 6",
  phone: "M6 4h4l1.5 5-2.3 1.6a11 11 0 0 0 4.2 4.2L15 12.5l5 1.5v4c0 1-1 2-2 2A14 14 0 0 1 4 6c0-1 1-2 2-2z",
  pin: "M12 21c-4-4.5-6-7.8-6-11a6 6 0 0 1 12 0c0 3.2-2 6.5-6 11zM14.2 10a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
  play: "M8 5v14l11-7z",
  plus: "M12 5v14M5 12h14",
  receipt: "M6 3.5l2 1.5 2-1.5 2 1.5 2-1.5 2 1.5 2-1.5v17l-2-1.5-2 1.5-2-1.5-2 1.5-2-1.5-2 1.5zM9 9.5h6M9 13.5h6",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4L20 9M20 4v5h-5",
  search: "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15 15l5 5",
  send: "M4 4.5 20.5 12 4 19.5 6.5 12zM6.5 12H20",
  settings: "M5 7h8M17 7h2M5 12h2M11 12h8M5 17h6M15 17h4M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM11 12a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM15 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  truck: "M3 7h11v9H3zM14 10h4l3 3v3h-7M8.5 17.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0zM19 17.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z",
  undo: "M9 6 4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10h-3",
  upload: "M12 16V5M7.5 9 12 4.5 16.5 9M5 20h14",
  warning: "M12 4 2.5 20h19zM12 10v5M12 17.6v.2",
  circle: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z",
};

/** Names of Google's knownIcon and Material icons that stand for one of ours. */
const ALIASES = {
  account_balance: "home", account_circle: "person", add: "plus", add_circle: "plus", airplane: "send",
  approval: "check_circle", arrow_forward: "chevron", article: "document", assignment: "document",
  attach_file: "attach", autorenew: "refresh", block: "error", bus: "truck", business: "home", cancel: "close",
  calendar_month: "calendar", calendar_today: "calendar", car: "truck", check_box: "check", chevron_right: "chevron",
  clock_loader_40: "hourglass", confirmation_number_icon: "receipt", content_copy: "copy",
  create_new_folder: "folder", currency_yen: "dollar", deployed_code: "folder", description: "document",
  discard: "delete", done: "check", done_all: "check_circle", drive_file_move: "folder", edit_note: "edit", email: "mail",
  event: "calendar", event_note: "calendar", event_performer: "person", event_seat: "calendar", expand_more: "chevron",
  fact_check: "list", file_present: "document", flight_arrival: "send", flight_departure: "send",
  format_list_bulleted: "list", forum: "chat", group: "people", groups: "people", help: "info", history: "clock",
  hotel: "home", hotel_room_type: "home", hourglass_empty: "hourglass", hourglass_top: "hourglass",
  insert_drive_file: "document", invite: "mail", location_on: "pin", manage_search: "search", map_pin: "pin",
  membership: "person", more_vert: "more", multiple_people: "people", notes: "document", offer: "star",
  open_in_new: "link", payments: "dollar", pending: "hourglass", picture_as_pdf: "document", play_arrow: "play",
  progress_activity: "hourglass", receipt_long: "receipt", request_quote: "receipt", restaurant_icon: "star",
  restart_alt: "refresh", schedule: "clock", shopping_cart: "receipt", store: "home", summarize: "document", sync: "refresh",
  table_chart: "table", table_rows: "table", task: "check_circle", task_alt: "check_circle", ticket: "receipt",
  topic: "folder", train: "truck", travel_explore: "search", tune: "settings", verified: "check_circle",
  video_camera: "image", video_play: "play", view_list: "list", visibility: "search", warning_amber: "warning",
};

/** Draws an icon by any of its names; one we have no drawing for is a small circle. */
export function icon(name, label = "") {
  const key = name.toLowerCase();
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[key] ?? PATHS[ALIASES[key]] ?? PATHS.circle);
  svg.append(path);
  return svg;
}
