"""What Google Chat does for people: their actions become signed events, the app's replies become what they see."""
