# The backends while their name resolves to nothing.
backend none none;

sub vcl_init {
    new origin = directors.round_robin();
}
