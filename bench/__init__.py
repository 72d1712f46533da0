"""How fast it is: `./run bench`. Whole figures in bench/latest.json."""
