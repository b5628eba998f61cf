from cyberdesk.cli import main

main()
