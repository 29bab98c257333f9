from kakari.cli import main

main()
