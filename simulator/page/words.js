/** Every sentence of the page, in both languages. */
import { state } from "./state.js";

const WORDS = {
  banner: { en: "Simulator: nothing here reaches Google.", ja: "シミュレーターです。Google には何も送られません。" },
  i_am: { en: "I am", ja: "あなたは" },
  spaces: { en: "Spaces", ja: "スペース" },
  direct: { en: "Direct messages", ja: "ダイレクト メッセージ" },
  open_spaces: { en: "Open the list of spaces", ja: "スペースの一覧を開く" },
  close: { en: "Close", ja: "閉じる" },
  members: { en: "{count} people", ja: "{count} 人" },
  with_app: { en: "with {app}", ja: "{app} が参加中" },
  without_app: { en: "{app} is not here; @mention it to add it", ja: "{app} は不参加（@メンションで追加）" },
  empty: { en: "Nothing said here yet. Type / to see what {app} can do.", ja: "まだ何もありません。「/」と入力すると {app} にできることが出ます。" },
  new_thread: { en: "Start a new thread", ja: "新しいスレッドを開始" },
  message_direct: { en: "Write to {app}", ja: "{app} にメッセージ" },
  reply: { en: "Reply", ja: "返信" },
  reply_here: { en: "Reply in this thread", ja: "このスレッドに返信" },
  send: { en: "Send", ja: "送信" },
  commands: { en: "Commands", ja: "コマンド" },
  mentions: { en: "People", ja: "メンション先" },
  app_badge: { en: "App", ja: "アプリ" },
  edited: { en: "edited", ja: "編集済み" },
  private: { en: "Only you can see this", ja: "あなただけに表示" },
  waiting: { en: "{app} is thinking…", ja: "{app} が処理しています…" },
  developer: { en: "For developers", ja: "開発者向け" },
  status: { en: "HTTP status {status}", ja: "HTTP ステータス {status}" },
  sent_event: { en: "The event as sent", ja: "送信したイベント" },
  offline: { en: "Connection lost; trying again…", ja: "接続が切れました。再接続しています…" },
  failed: { en: "That did not work", ja: "うまくいきませんでした" },
  show_more: { en: "Show more", ja: "もっと見る" },
  show_less: { en: "Show less", ja: "閉じる" },
  more_actions: { en: "More actions", ja: "その他の操作" },
  choose: { en: "Choose", ja: "選択してください" },
  search: { en: "Type to search", ja: "入力して検索" },
  remove: { en: "Remove {name}", ja: "{name} を削除" },
  required: { en: "Required", ja: "必須です" },
  not_number: { en: "Enter a number", ja: "数値を入力してください" },
  not_email: { en: "Enter an e-mail address", ja: "メールアドレスを入力してください" },
  dialog: { en: "Dialog", ja: "ダイアログ" },
  chat: { en: "Chat", ja: "チャット" },
  drive: { en: "Drive", ja: "ドライブ" },
  drive_empty: { en: "Drive is empty. What {app} makes will appear here.", ja: "ドライブは空です。{app} が作ったものがここに出ます。" },
  open: { en: "Open", ja: "開く" },
  back: { en: "Back to the folders", ja: "フォルダ一覧に戻る" },
  no_preview: { en: "No preview for this kind of file.", ja: "この種類のファイルはプレビューできません。" },
};

export function word(key, values = {}) {
  const language = state.me?.locale?.startsWith("ja") ? "ja" : "en";
  return WORDS[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
