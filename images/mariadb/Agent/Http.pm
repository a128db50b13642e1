# Requests, the proof that they are the Orchestrator's, and answers.
package Agent::Http;
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use Exporter qw(import);
use JSON::PP;
use Agent::Server qw(contents name);

our @EXPORT_OK = qw(CHUNK head proven begin_stream send_chunk end_stream receive discard_body respond json);

use constant VALID => 300;       # seconds that an order may be old: clocks differ
use constant CHUNK => 1 << 18;   # bytes
use constant DRAIN => 1 << 28;   # bytes of a body that are read for nothing, so that who sends it gets to read why

sub head {
    my ($client) = @_;
    my ($method, $path, $query) = (<$client> // '') =~ m{^([A-Z]+) (/[a-z/]*)\??(\S*) HTTP/1\.1\r\n$} or return;
    my %header;
    while (defined(my $line = <$client>) and keys %header < 50) {
        last if $line eq "\r\n";
        $header{lc $1} = $2 if $line =~ /^([A-Za-z-]+): *(.*?)\r\n$/;
    }
    return ($method, $path, $query, %header);
}

# The name keeps an order from being used on another server, the time from being used later.
sub proven {
    my ($order, $authorization) = @_;
    my ($time, $proof) = $authorization =~ /^Proof (\d+) ([0-9a-f]{64})$/ or return 0;
    # While the password is changed the Orchestrator may have the one or the other.
    my @passwords = contents('/run/secrets/mariadb-orchestrator-password') =~ /^(.+)$/mg;
    return abs(time - $time) <= VALID && grep { $proof eq hmac_sha256_hex("$order\n" . name() . "\n$time", $_) } @passwords;
}

sub begin_stream {
    my ($client, @trailers) = @_;
    return write_all($client, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n"
        . "Trailer: @{[join ', ', @trailers]}\r\nConnection: close\r\n\r\n");
}

# False when the client is gone.
sub send_chunk {
    my ($client, $block) = @_;
    return write_all($client, sprintf("%x\r\n", length $block) . $block . "\r\n");
}

sub end_stream {
    my ($client, %trailer) = @_;
    return write_all($client, "0\r\n" . join('', map { "$_: @{[$trailer{$_} =~ s/\s+/ /gr]}\r\n" } sort keys %trailer) . "\r\n");
}

my $received = 0;

# The body of a request goes into a handle, which is closed. False when whoever reads from it did not take all of it, or failed: it knows why.
sub receive {
    my ($client, $header, $into) = @_;
    die "the body is not sent in chunks\n" unless ($header->{'transfer-encoding'} // '') =~ /chunked/i;
    binmode $into;
    $received = 1;
    my ($taken, $refused) = (1, 0);
    while (1) {
        my ($size) = (<$client> // '') =~ /^([0-9a-fA-F]+)\r\n$/ or die "what was sent broke off\n";
        my $left = hex $size;
        while ($left > 0) {
            my $got = read($client, my $block, $left < CHUNK ? $left : CHUNK) or die "what was sent broke off\n";
            $left -= $got;
            $taken &&= print $into $block;
            last if !$taken && ($refused += $got) > DRAIN;
        }
        last if $left > 0;
        <$client>;
        last if $size =~ /^0+$/;
    }
    return close($into) && $taken;
}

# One that nobody received.
sub discard_body {
    my ($client, $header) = @_;
    return if $received || !defined $header->{'transfer-encoding'};
    open(my $nowhere, '>', '/dev/null') or die "/dev/null: $!\n";
    # As much as is worth it; it may as well break off.
    eval { receive($client, $header, $nowhere) };
}

sub json { return JSON::PP->new->utf8->canonical->encode(shift) }

sub respond {
    my ($client, $code, $why) = @_;
    chomp $why;
    my %phrase = (200 => 'OK', 403 => 'Forbidden', 404 => 'Not Found', 500 => 'Internal Server Error');
    write_all($client, "HTTP/1.1 $code $phrase{$code}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: @{[length($why) + 1]}\r\nConnection: close\r\n\r\n$why\n");
}

sub write_all {
    my ($client, $bytes) = @_;
    my $done = 0;
    while ($done < length $bytes) {
        my $wrote = syswrite($client, $bytes, length($bytes) - $done, $done) or return 0;
        $done += $wrote;
    }
    return 1;
}

1;
