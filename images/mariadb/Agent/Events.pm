# Reads a binary log event by event. The format: https://mariadb.com/kb/en/replication-protocol/ ("Event header", "GTID_EVENT",
# "GTID_LIST_EVENT").
package Agent::Events;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(FORMAT INCIDENT GTID GTID_LIST read_head next_event gtid_of);

use constant { FORMAT => 15, INCIDENT => 26, GTID => 162, GTID_LIST => 163 };
use constant MAGIC => "\xfebin";
use constant HEADER => 19;   # bytes: timestamp 4, type 1, server 4, length of the whole event 4, position of the next 4, flags 2

# Reads from the beginning of the log. Returns the bytes before the first transaction, and the position there: "1-1-100,2-2-57".
sub read_head {
    my ($log) = @_;
    my $bytes = '';
    read($log, $bytes, length MAGIC);
    die "this is not a binary log\n" unless $bytes eq MAGIC;
    while (my $event = next_event($log)) {
        last unless $event->{whole};
        $bytes .= $event->{bytes};
        return ($bytes, list_of($event)) if $event->{type} == GTID_LIST;
        last if $event->{type} == GTID;
    }
    die "the binary log has no GTID list at its head, so the position before it is not known\n";
}

# Returns undef at the end of the log. An event that was cut off is not "whole".
sub next_event {
    my ($log) = @_;
    my $got = read($log, my $bytes, HEADER) // die "the binary log cannot be read: $!\n";
    return if $got == 0;
    return { whole => 0 } if $got < HEADER;
    my ($stamp, $type, $server, $length) = unpack 'V C V V', $bytes;
    return { whole => 0 } if $length < HEADER;
    $got += read($log, $bytes, $length - HEADER, HEADER) // die "the binary log cannot be read: $!\n";
    return { whole => $got == $length, stamp => $stamp, type => $type, server => $server, bytes => $bytes };
}

# Returns domain, server and number.
sub gtid_of {
    my ($event) = @_;
    my ($number, $domain) = unpack 'Q< V', substr $event->{bytes}, HEADER;
    return ($domain, $event->{server}, $number);
}

# The position in a GTID list event. A list may have several entries of a domain; the last one is its position.
sub list_of {
    my ($event) = @_;
    my $entries = unpack('V', substr $event->{bytes}, HEADER) & 0x0fff_ffff;
    my ($count, @fields) = unpack 'V (V V Q<)*', substr $event->{bytes}, HEADER, 4 + 16 * $entries;
    my %last;
    while (my ($domain, $server, $number) = splice @fields, 0, 3) {
        $last{$domain} = "$domain-$server-$number";
    }
    return join ',', map { $last{$_} } sort { $a <=> $b } keys %last;
}

1;
