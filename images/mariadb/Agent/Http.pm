# Reads requests, checks the proof that they are the Orchestrator's, and sends answers.
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
use constant DRAIN => 1 << 28;   # bytes of a refused body that are read and dropped, so that the sender reads the answer

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

# The name makes an order invalid on another server, the time makes it invalid later.
sub proven {
    my ($order, $authorization) = @_;
    my ($time, $proof) = $authorization =~ /^Proof (\d+) ([0-9a-f]{64})$/ or return 0;
    # During a rotation the Orchestrator may have either password.
    my @passwords = contents('/run/secrets/mariadb-orchestrator-password') =~ /^(.+)$/mg;
    return abs(time - $time) <= VALID && grep { $proof eq hmac_sha256_hex("$order\n" . name() . "\n$time", $_) } @passwords;
}

sub begin_stream {
    my ($client, @trailers) = @_;
    return write_all($client, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n"
        . "Trailer: @{[join ', ', @trailers]}\r\nConnection: close\r\n\r\n");
}

# False when the client has closed the connection.
sub send_chunk {
    my ($client, $block) = @_;
    return write_all($client, sprintf("%x\r\n", length $block) . $block . "\r\n");
}

sub end_stream {
    my ($client, %trailer) = @_;
    return write_all($client, "0\r\n" . join('', map { "$_: @{[$trailer{$_} =~ s/\s+/ /gr]}\r\n" } sort keys %trailer) . "\r\n");
}

my $received = 0;

# Writes the body of a request to a handle, and closes it. False when the program behind the handle did not read all of it, or failed; the
# program's own output has the reason.
sub receive {
    my ($client, $header, $into) = @_;
    die "the body is not sent in chunks\n" unless ($header->{'transfer-encoding'} // '') =~ /chunked/i;
    binmode $into;
    $received = 1;
    my ($taken, $refused) = (1, 0);
    while (1) {
        my ($size) = (<$client> // '') =~ /^([0-9a-fA-F]+)\r\n$/ or die "the body of the request broke off\n";
        my $left = hex $size;
        while ($left > 0) {
            my $got = read($client, my $block, $left < CHUNK ? $left : CHUNK) or die "the body of the request broke off\n";
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

# Reads a body that no order has received.
sub discard_body {
    my ($client, $header) = @_;
    return if $received || !defined $header->{'transfer-encoding'};
    open(my $nowhere, '>', '/dev/null') or die "/dev/null: $!\n";
    # The result does not matter.
    eval { receive($client, $header, $nowhere) };
}

sub json { return JSON::PP->new->utf8->canonical->encode(shift) }

sub respond {
    my ($client, $code, $why) = @_;
    chomp $why;
    my %phrase = (200 => 'OK', 403 => 'Forbidden', 404 => 'Not Found', 500 => 'Internal Server Error');
    write_all($client, "HTTP/1.1 $code $phrase{$code}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        . "Content-Length: @{[length($why) + 1]}\r\nConnection: close\r\n\r\n$why\n");
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
