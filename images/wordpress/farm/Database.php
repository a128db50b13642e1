<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's database on two doors: reads go to the servers that are fresh enough, writes to the writer.
 *
 * What was written is read: after a write the rest of the request stays with the writer, and other requests of the site ask a replica
 * only once it has the write. While another server becomes the writer, connecting waits; what was not carried out for certain is sent once more, anything
 * else is reported as the error it is.
 */
final class Database extends \wpdb
{
    /** Seconds that a read may wait for a replica to have the site's last write. */
    private const CATCHES_UP = 0.05;

    /**
     * Seconds that a request which changes something waits for a writer: a failover takes less. A page that is only looked at does not
     * wait: it can be had from a replica, or, in the moment after a write, from Varnish as it was.
     */
    private const PATIENCE = 8.0;

    private const RETRY_PAUSE = 100_000; // µs

    /** In APCu, for so many seconds after a wait in vain: the next requests of this container do not wait as well. */
    private const GONE = 'farm:writer-gone';
    private const GONE_SECONDS = 5;

    /**
     * Seconds. A write must not be sent on a connection that was cut in the meantime: whether it was carried out could not be told then. So
     * one that was not used for so long is tried first.
     */
    private const FRESH = 0.05;

    /**
     * The servers' modes (my.cnf), of which WordPress's list of those that it cannot live with is taken away. Asking the server first, as
     * WordPress does, would cost each connection a round trip.
     */
    private const SQL_MODES = ['STRICT_TRANS_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_AUTO_CREATE_USER'];

    /** What a database that is not there, or not for this user, is answered with. */
    private const NO_DATABASE = [1044, 1049];

    /** What is escaped in a string of utf8mb4, as the client library does it. */
    private const ESCAPES = ["\0" => '\\0', "\n" => '\\n', "\r" => '\\r', '\\' => '\\\\', "'" => "\\'", '"' => '\\"', "\x1a" => '\\Z'];

    /** No position of a write: whatever has been written, may be missing. */
    private const BEFORE_ANY_WRITE = 'none';

    /** The connection is gone. A write that it was lost with may have been carried out. */
    private const LOST = [2006, 2013, 1927, 1053];

    /** Refused: the server has stopped being the writer. Nothing was carried out. */
    private const READ_ONLY = [1290, 1792];

    // What this request has cost.
    public int $opened = 0;
    public int $nanoseconds = 0;

    /** @var array<string, ?\mysqli> by door */
    private array $connections = [];

    /** Whether this request reads from the writer. Null: it has not read yet. */
    private ?bool $sticks = null;

    /** The connection of this request's first write. Another one knows nothing of that write. */
    private ?\mysqli $wroteOn = null;

    /** Where the site's last write was when this request began to read from a replica. */
    private ?string $readsSince = null;
    private float $writerUsedAt = 0.0;
    private bool $isBeingMade = true;
    private bool $hasWritten = false;
    private bool $mayRepeat = true;
    private bool $readersGone = false;

    /** The rows of the last statement came from Memcached, which does not know what MariaDB says of their columns. */
    private bool $isFromCache = false;

    /** A shutdown function will publish the position of this request's last write. */
    private bool $tells = true;

    /** The session's autocommit. When it is off, a new transaction begins as soon as one has ended. */
    private bool $autocommits = true;

    /** @var array<string, true> tables written to in the transaction that is open; empty: none is open */
    private array $uncommitted = [];

    /** @param array{writer: string, reader: string} $doors host:port */
    public function __construct(private readonly Site $of, private readonly array $doors, private readonly LastWrite $lastWrite, private readonly ?QueryCache $cache)
    {
        // Before WordPress's own end of the request, in which pages are purged: who then makes them anew must know.
        register_shutdown_function(function (): void {
            $this->tellLastWrite();
            $this->tells = false;
        });
        parent::__construct($of->user, $of->databasePassword(), $of->database, $doors['writer']);
        $this->is_mysql = true;
        $this->init_charset();
        $this->isBeingMade = false;
    }

    /** @param string $name what plugins read of WordPress's own; who takes the connection gets one */
    public function __get($name)
    {
        if ($name === 'dbh' && $this->isYetToConnect()) {
            $this->connect();
        }

        return parent::__get($name);
    }

    /** @param string $name */
    public function __isset($name)
    {
        if ($name === 'dbh' && $this->isYetToConnect()) {
            $this->connect();
        }

        return parent::__isset($name);
    }

    /** @param string $query */
    public function query($query)
    {
        $this->isFromCache = false;
        $statement = new Statement((string) $query);
        $reads = $statement->isRead();
        if (!$reads && !$statement->belongsToTheOneBefore()) {
            $this->dropWriterIfCut();
        }
        if ($reads && $this->cache !== null && $statement->isWorthKeeping() && !$this->sticks() && !$this->isFiltered()) {
            return $this->queryThroughCache($statement, (string) $query);
        }
        if ($this->dbh === null || !$statement->belongsToTheOneBefore()) {
            $this->useDoorFor($reads);
        }

        $result = $this->queryOnceOrTwice((string) $query, $reads);
        if (!$reads) {
            $this->writerUsedAt = microtime(true);
            $this->ranOnTheWriter($statement);
        }

        return $result;
    }

    /**
     * Whoever makes this object connects, in WordPress. Here the first statement does: a page whose objects are all in the cache needs no database.
     *
     * @param bool $allow_bail
     */
    public function db_connect($allow_bail = true)
    {
        if ($this->isBeingMade) {
            return true;
        }
        $this->connections = [];
        if ($this->useDoor($this->sticks() ? 'writer' : 'reader')) {
            return true;
        }

        return $allow_bail ? parent::db_connect() : false;
    }

    /**
     * Called by WordPress when a statement found its connection gone, and by plugins at any time: one that lives is kept, with its transaction, locks,
     * variables and temporary tables.
     *
     * @param bool $allow_bail
     */
    public function check_connection($allow_bail = true)
    {
        if ($this->dbh instanceof \mysqli && self::lives($this->dbh)) {
            return true;
        }
        if (!$this->mayRepeat) {
            return false;
        }

        return $this->db_connect($allow_bail);
    }

    /**
     * @param string $info_type
     * @param int $col_offset
     */
    public function get_col_info($info_type = 'name', $col_offset = -1)
    {
        if ($this->isFromCache) {
            $this->isFromCache = false;
            $this->useDoorFor(reads: true);
            $this->queryOnceOrTwice($this->last_query, reads: true);
        }

        return parent::get_col_info($info_type, $col_offset);
    }

    /** @param mixed $data */
    public function _real_escape($data)
    {
        if ($this->dbh !== null || !is_scalar($data)) {
            return parent::_real_escape($data);
        }

        return $this->add_placeholder_escape(strtr((string) $data, self::ESCAPES));
    }

    public function db_server_info()
    {
        $this->connect();

        return parent::db_server_info();
    }

    /** @param array $data */
    protected function strip_invalid_text($data)
    {
        $this->connect();

        return parent::strip_invalid_text($data);
    }

    /** Plugins close before long work. The next statement opens a new connection. */
    public function close()
    {
        $this->tellLastWrite();
        $open = array_filter($this->connections);
        foreach ($open as $connection) {
            mysqli_close($connection);
        }
        $this->connections = $this->uncommitted = [];
        $this->autocommits = true;
        $this->dbh = $this->wroteOn = null;
        $this->ready = $this->has_connected = false;

        return $open !== [];
    }

    /** Reads come from a replica, and somebody has written since they began to: it may not have that yet. */
    public function mayBeOld(): bool
    {
        return $this->sticks === false && $this->lastWrite->position() !== $this->readsSince;
    }

    /** This request has changed something, or locked something. */
    public function hasWritten(): bool
    {
        return $this->hasWritten;
    }

    /** Not so when somebody has unset the property, as WordPress's own tests do. */
    private function isYetToConnect(): bool
    {
        return array_key_exists('dbh', get_object_vars($this)) && $this->dbh === null;
    }

    private function connect(): void
    {
        if ($this->dbh === null) {
            $this->useDoorFor(reads: true);
        }
    }

    private function queryThroughCache(Statement $statement, string $query): int|bool
    {
        // WordPress replaces each % by a token of this request until the statement is sent; a key must not contain the token.
        $query = $this->remove_placeholder_escape($query);
        $tables = $statement->readsOnly($this->base_prefix) ? $statement->tables($this->base_prefix) : [];
        [$rows, $key] = $tables === [] ? [null, null] : $this->cache->find($query, $tables);
        Counters::add($rows === null ? 'query_misses' : 'query_hits', FARM_SITE, 1);
        if ($rows !== null) {
            $this->flush();
            $this->last_query = $query;
            $this->last_result = $rows;
            $this->isFromCache = true;

            return $this->num_rows = count($rows);
        }

        $this->useDoorFor(reads: true);
        $result = $this->queryOnceOrTwice($query, reads: true);
        if ($key !== null && $result !== false) {
            $this->cache->keep($key, $this->last_result);
        }

        return $result;
    }

    /** A plugin rewrites statements, for example to hide rows from some users. The cached rows belong to the rewritten statement. */
    private function isFiltered(): bool
    {
        $filters = array_merge(...array_values($GLOBALS['wp_filter']['query']->callbacks ?? []));
        unset($filters[_wp_filter_build_unique_id('query', [$this, 'remove_placeholder_escape'], 0)]);

        return $filters !== [];
    }

    private function queryOnceOrTwice(string $query, bool $reads): mixed
    {
        [$ran, $told] = [$this->num_queries, count($GLOBALS['EZSQL_ERROR'] ?? [])];
        $quiet = $this->suppress_errors(true);
        $this->mayRepeat = $reads;
        $started = hrtime(true);
        $result = parent::query($query);
        $this->nanoseconds += hrtime(true) - $started;
        $this->mayRepeat = true;
        $this->suppress_errors($quiet);
        if ($result !== false || $this->num_queries === $ran) {
            return $result; // A filter dropped the statement, which is how plugins cancel one.
        }

        $error = $this->dbh instanceof \mysqli ? mysqli_errno($this->dbh) : 2006;
        $again = $this->uncommitted === [] && (in_array($error, self::READ_ONLY, true) || ($reads && in_array($error, self::LOST, true)));
        $GLOBALS['EZSQL_ERROR'] = array_slice($GLOBALS['EZSQL_ERROR'] ?? [], 0, $told);
        if (!$again) {
            $this->last_error = $this->last_error ?: 'The connection to the database was lost; whether the statement was carried out is not known.';
            $this->print_error($this->last_error);

            return false;
        }

        unset($this->connections['writer'], $this->connections['reader']);
        $this->useDoor($reads && !$this->sticks() ? 'reader' : 'writer', writable: !$reads);

        return parent::query($query);
    }

    private function useDoorFor(bool $reads): void
    {
        if (!$this->useDoor($reads && !$this->sticks() ? 'reader' : 'writer') && !$this->has_connected) {
            // Says so, and ends the request.
            parent::db_connect();
        }
    }

    private function ranOnTheWriter(Statement $statement): void
    {
        $this->sticks = $this->hasWritten = true;
        $tables = [];
        if ($statement->changesData()) {
            $tables = $statement->tables($this->base_prefix);
            $this->lastWrite->begins();
            if (!$this->tells) {
                // The shutdown function has run already.
                register_shutdown_function($this->tellLastWrite(...));
            }
            $this->wroteOn ??= $this->connections['writer'] ?? null;
            $this->tells = true;
        }

        // Others see a transaction's writes after its commit.
        $seen = $statement->isCommit() ? array_filter([...array_keys($this->uncommitted), ...$tables]) : $tables;
        $this->cache?->forget(array_values(array_unique($seen)));
        $this->autocommits = $statement->autocommit() ?? $this->autocommits;
        if ($statement->endsTransaction()) {
            $this->uncommitted = [];
        } elseif ($this->uncommitted !== []) {
            $this->uncommitted += array_fill_keys($tables, true);
        }
        if ($statement->beginsTransaction() || !$this->autocommits) {
            $this->uncommitted += ['' => true];
        }
    }

    /**
     * Makes a door's connection the one that WordPress uses.
     *
     * @param bool $writable the server was not the writer a moment ago: wait until it, or another, is
     */
    private function useDoor(string $door, bool $writable = false): bool
    {
        if ($door === 'reader' && $this->readersGone) {
            $door = 'writer';
        }
        $connection = $this->connections[$door] ??= $door === 'reader' ? $this->open('reader') : $this->openWriter($writable);
        if ($connection === null && $door === 'reader') {
            $this->readersGone = true;

            return $this->useDoor('writer');
        }
        $this->dbh = $connection;

        return $connection !== null;
    }

    private function dropWriterIfCut(): void
    {
        $connection = $this->connections['writer'] ?? null;
        if ($connection !== null && $this->uncommitted === [] && microtime(true) - $this->writerUsedAt > self::FRESH && !self::lives($connection)) {
            unset($this->connections['writer']);
        }
    }

    /** Sends no statement, which would reset ROW_COUNT() and FOUND_ROWS(). */
    private static function lives(\mysqli $connection): bool
    {
        return mysqli_stat($connection) !== false;
    }

    private function openWriter(bool $writable): ?\mysqli
    {
        $end = microtime(true) + (self::onlyLooks() || (apcu_enabled() && apcu_exists(self::GONE)) ? 0.0 : self::PATIENCE);
        while (true) {
            $connection = $this->open('writer');
            if ($connection !== null && (!$writable || self::isWriter($connection))) {
                return $connection;
            }
            if (microtime(true) >= $end) {
                if (apcu_enabled() && !self::onlyLooks()) {
                    apcu_add(self::GONE, 1, self::GONE_SECONDS);
                }

                return $connection;
            }
            usleep(self::RETRY_PAUSE);
        }
    }

    private static function isWriter(\mysqli $connection): bool
    {
        $answer = mysqli_query($connection, 'SELECT @@global.read_only');

        return $answer instanceof \mysqli_result && $answer->fetch_row()[0] === '0';
    }

    private function open(string $door): ?\mysqli
    {
        mysqli_report(MYSQLI_REPORT_OFF);
        $started = hrtime(true);
        // The password as it is now: the secret may be another than when the request began.
        $connection = DatabaseConnection::open($this->doors[$door], $this->dbuser, $this->of->databasePassword(), $this->dbname, first: $this->setUp());
        ++$this->opened;
        $this->nanoseconds += hrtime(true) - $started;
        if (in_array($connection->connect_errno, self::NO_DATABASE, true)) {
            // Says why, in WordPress's words.
            $this->select($this->dbname, DatabaseConnection::open($this->doors[$door], $this->dbuser, $this->of->databasePassword()));
        }
        if ($connection->connect_errno !== 0) {
            return null;
        }
        $this->has_connected = $this->ready = true;

        return $connection;
    }

    /** What WordPress says to a new connection, in one statement. */
    private function setUp(): string
    {
        $modes = array_diff(self::SQL_MODES, (array) apply_filters('incompatible_sql_modes', $this->incompatible_modes));

        $collate = $this->collate === '' ? '' : " COLLATE '$this->collate'";

        return sprintf("SET NAMES '%s'%s, sql_mode = '%s'", $this->charset, $collate, implode(',', $modes));
    }

    /**
     * A request that changes something reads what it is about to change. Others may ask a replica, once that has the site's last write: a
     * moment after it, that is a short wait.
     */
    private function sticks(): bool
    {
        if ($this->sticks !== null) {
            return $this->sticks;
        }
        if (!self::onlyLooks()) {
            return $this->sticks = true;
        }
        $position = $this->readsSince = $this->lastWrite->position();

        if ($position === null || ($position !== LastWrite::UNKNOWN && $this->readerHas($position))) {
            return $this->sticks = false;
        }
        // While there is no writer, an older page is better than none. What it reads is not kept.
        if (($this->connections['writer'] ??= $this->open('writer')) === null) {
            $this->readsSince = self::BEFORE_ANY_WRITE;

            return $this->sticks = false;
        }

        return $this->sticks = true;
    }

    private static function onlyLooks(): bool
    {
        return PHP_SAPI !== 'cli' && in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true) && !defined('DOING_CRON') && !defined('WP_INSTALLING');
    }

    private function readerHas(string $gtid): bool
    {
        $reader = $this->connections['reader'] ??= $this->open('reader');
        $waited = $reader === null ? false : mysqli_query($reader, sprintf("SELECT MASTER_GTID_WAIT('%s', %F)", $reader->real_escape_string($gtid), self::CATCHES_UP));

        return $waited instanceof \mysqli_result && $waited->fetch_row()[0] === '0';
    }

    private function tellLastWrite(): void
    {
        $writer = $this->wroteOn === null ? null : $this->connections['writer'] ?? null;
        $last = $writer === null ? false : mysqli_query($writer, 'SELECT @@last_gtid, @@global.gtid_binlog_pos');
        if ($last instanceof \mysqli_result) {
            [$gtid, $all] = $last->fetch_row();
            // The writer's position includes the writes of all requests so far, so the later of two positions covers both.
            $domain = strstr($gtid, '-', before_needle: true);
            if ($gtid !== '' && preg_match("/(?:^|,)($domain-\d+-\d+)/", $all, $position) === 1) {
                $this->lastWrite->isAt($position[1]);
            } elseif ($writer === $this->wroteOn) {
                $this->lastWrite->wasNone();
            }
        }
    }
}
