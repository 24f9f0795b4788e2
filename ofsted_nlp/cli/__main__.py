"""``python -m ofsted_nlp.cli``: the command line where no script of that name is installed."""

from ofsted_nlp.cli.commands import main

main()
