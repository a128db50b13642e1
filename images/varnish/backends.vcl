# The director while the name of the backends does not resolve.
backend none none;

sub vcl_init {
    new origin = directors.round_robin();
}
