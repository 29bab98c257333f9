"""What people see: pure card builders and the sentences in both languages."""
