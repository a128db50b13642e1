<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's database behind the proxy's two listeners: the reader, for servers that are fresh enough, and the writer.
 *
 * A request reads its own writes: after a write, the rest of the request reads from the writer, and other requests of the site read from
 * a replica only when it has that write. During a failover, connecting waits. A statement that the server certainly did not execute is
 * sent once more; every other failure is reported as the error that it is.
 */
final class Database extends \wpdb
{
    /** Seconds that a read waits for a replica to receive the site's last write. */
    private const REPLICA_WAIT_SECONDS = 0.05;

    /**
     * Seconds that a request which changes something waits for a writer; a failover takes less. A request that only reads does not wait:
     * a replica can answer it, or, in the moment after a write, Varnish with the old page.
     */
    private const WRITER_WAIT_SECONDS = 8.0;

    private const RETRY_PAUSE = 100_000; // µs

    /** An APCu key, set for so many seconds when a wait ended without a writer: the container's next requests do not wait. */
    private const WRITER_GONE_KEY = 'farm:writer-gone';
    private const WRITER_GONE_SECONDS = 5;

    /**
     * Seconds. When a write is sent on a connection that was cut in the meantime, nobody can tell whether the server executed it. So a
     * connection that was idle for longer than this is checked before the write.
     */
    private const IDLE_SECONDS_BEFORE_CHECK = 0.05;

    /**
     * The sql_mode of the servers (my.cnf). The modes that WordPress does not work with are removed from it. To ask the server for its
     * mode, as WordPress does, would cost each connection a round trip.
     */
    private const SQL_MODES = ['STRICT_TRANS_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_AUTO_CREATE_USER'];

    /** The error codes for a database that does not exist, or that this user may not enter. */
    private const NO_DATABASE = [1044, 1049];

    /** The characters of a utf8mb4 string that are escaped, as the client library does it. */
    private const ESCAPES = ["\0" => '\\0', "\n" => '\\n', "\r" => '\\r', '\\' => '\\\\', "'" => "\\'", '"' => '\\"', "\x1a" => '\\Z'];

    /** A position before every write: any write may be missing. */
    private const BEFORE_ANY_WRITE = 'none';

    /** The error codes of a lost connection. The server may have executed a write that was under way. */
    private const LOST = [2006, 2013, 1927, 1053];

    /** The error codes of a server that is no longer the writer. It has executed nothing. */
    private const READ_ONLY = [1290, 1792];

    // The cost of this request, for Server-Timing.
    public int $opened = 0;
    public int $nanoseconds = 0;

    /** @var array<string, ?\mysqli> by listener */
    private array $connections = [];

    /** True: this request reads from the writer. False: from a replica. Null: it has not read yet. */
    private ?bool $readsFromWriter = null;

    /** The connection of this request's first write. No other connection knows the position of that write. */
    private ?\mysqli $wroteOn = null;

    /** The position of the site's last write at the time when this request began to read from a replica. */
    private ?string $readsSince = null;
    private float $writerUsedAt = 0.0;
    private bool $isConstructing = true;
    private bool $hasWritten = false;
    private bool $mayReconnect = true;
    private bool $readersGone = false;

    /** The rows of the last statement came from Memcached, which does not have MariaDB's description of the columns. */
    private bool $isFromCache = false;

    /** A shutdown function will publish the position of this request's last write. */
    private bool $willPublish = true;

    /** The session's autocommit. When it is off, a new transaction begins as soon as one has ended. */
    private bool $autocommits = true;

    /** @var array<string, true> the tables written to in the open transaction; empty: no transaction is open */
    private array $uncommitted = [];

    /** @param array{writer: string, reader: string} $listeners host:port */
    public function __construct(
        private readonly Site $farmSite,
        private readonly array $listeners,
        private readonly LastWrite $lastWrite,
        private readonly ?QueryCache $cache,
    ) {
        // Runs before WordPress's shutdown, which purges pages: the requests that rebuild those pages must know the position.
        register_shutdown_function(function (): void {
            $this->publishLastWrite();
            $this->willPublish = false;
        });
        parent::__construct($farmSite->user, $farmSite->databasePassword(), $farmSite->database, $listeners['writer']);
        $this->is_mysql = true;
        $this->init_charset();
        $this->isConstructing = false;
    }

    /** @param string $name a property that plugins read; the first one that reads the connection opens it */
    public function __get($name)
    {
        $this->connectFor($name);

        return parent::__get($name);
    }

    /** @param string $name */
    public function __isset($name)
    {
        $this->connectFor($name);

        return parent::__isset($name);
    }

    /** @param string $query */
    public function query($query)
    {
        $this->isFromCache = false;
        $statement = new Statement((string) $query);
        $reads = $statement->isRead();
        $asksAboutPrevious = $statement->asksAboutPreviousStatement();
        if (!$reads && !$asksAboutPrevious) {
            $this->dropWriterIfDisconnected();
        }
        if ($reads && $this->cache !== null && $statement->isWorthCaching() && !$this->readsFromWriter() && !$this->isFiltered()) {
            return $this->queryThroughCache($statement, (string) $query);
        }
        if ($this->dbh === null || !$asksAboutPrevious) {
            $this->useListenerFor($reads);
        }

        $result = $this->queryWithRetry((string) $query, $reads);
        if (!$reads) {
            $this->writerUsedAt = microtime(true);
            $this->afterWriterStatement($statement);
        }

        return $result;
    }

    /**
     * WordPress connects when it constructs this object. Here the first statement connects: a page whose objects are all cached needs no
     * database.
     *
     * @param bool $allow_bail
     */
    public function db_connect($allow_bail = true)
    {
        if ($this->isConstructing) {
            return true;
        }
        $this->connections = [];
        if ($this->useListener($this->listenerFor(reads: true))) {
            return true;
        }

        return $allow_bail ? parent::db_connect() : false;
    }

    /**
     * WordPress calls this when a statement found its connection lost, and plugins call it at any time. A connection that works is kept,
     * with its transaction, locks, variables and temporary tables.
     *
     * @param bool $allow_bail
     */
    public function check_connection($allow_bail = true)
    {
        if ($this->dbh instanceof \mysqli && self::isAlive($this->dbh)) {
            return true;
        }
        if (!$this->mayReconnect) {
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
            $this->useListenerFor(reads: true);
            $this->queryWithRetry($this->last_query, reads: true);
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

    /** Plugins close the connection before long work. The next statement opens a new one. */
    public function close()
    {
        $this->publishLastWrite();
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

    /** True when this request reads from a replica, and another request has written since it began to: the replica may lack that write. */
    public function mayReadStaleRows(): bool
    {
        return $this->readsFromWriter === false && $this->lastWrite->position() !== $this->readsSince;
    }

    /** True when this request has changed or locked something. */
    public function hasWritten(): bool
    {
        return $this->hasWritten;
    }

    /** Does nothing when somebody has unset the connection, as WordPress's own tests do. */
    private function connectFor(string $property): void
    {
        if ($property === 'dbh' && array_key_exists('dbh', get_object_vars($this))) {
            $this->connect();
        }
    }

    private function connect(): void
    {
        if ($this->dbh === null) {
            $this->useListenerFor(reads: true);
        }
    }

    private function queryThroughCache(Statement $statement, string $query): int|bool
    {
        // Until the statement is sent, WordPress replaces each % by a token of this request. A cache key must not contain the token.
        $query = $this->remove_placeholder_escape($query);
        $tables = $statement->readsOnlyTablesWith($this->base_prefix) ? $statement->tables($this->base_prefix) : [];
        [$rows, $key] = $tables === [] ? [null, null] : $this->cache->find($query, $tables);
        Counters::add($rows === null ? 'query_misses' : 'query_hits', FARM_SITE, 1);
        if ($rows !== null) {
            $this->flush();
            $this->last_query = $query;
            $this->last_result = $rows;
            $this->isFromCache = true;

            return $this->num_rows = count($rows);
        }

        $this->useListenerFor(reads: true);
        $result = $this->queryWithRetry($query, reads: true);
        if ($key !== null && $result !== false) {
            $this->cache->store($key, $this->last_result);
        }

        return $result;
    }

    /** True when a plugin rewrites statements, for example to hide rows from some users. The cached rows are those of the rewritten one. */
    private function isFiltered(): bool
    {
        $filters = array_merge(...array_values($GLOBALS['wp_filter']['query']->callbacks ?? []));
        unset($filters[_wp_filter_build_unique_id('query', [$this, 'remove_placeholder_escape'], 0)]);

        return $filters !== [];
    }

    private function queryWithRetry(string $query, bool $reads): mixed
    {
        [$queriesBefore, $errorsBefore] = [$this->num_queries, count($GLOBALS['EZSQL_ERROR'] ?? [])];
        $suppressed = $this->suppress_errors(true);
        $this->mayReconnect = $reads;
        $result = $this->timedQuery($query);
        $this->mayReconnect = true;
        $this->suppress_errors($suppressed);
        if ($result !== false || $this->num_queries === $queriesBefore) {
            return $result; // A filter dropped the statement, which is how plugins cancel one.
        }

        $error = $this->dbh instanceof \mysqli ? mysqli_errno($this->dbh) : 2006;
        $notExecuted = in_array($error, self::READ_ONLY, true) || ($reads && in_array($error, self::LOST, true));
        $GLOBALS['EZSQL_ERROR'] = array_slice($GLOBALS['EZSQL_ERROR'] ?? [], 0, $errorsBefore);
        if (!$notExecuted || $this->uncommitted !== []) {
            $this->last_error = $this->last_error
                ?: 'The connection to the database was lost. It is not known whether the statement was executed.';
            $this->print_error($this->last_error);

            return false;
        }

        unset($this->connections['writer'], $this->connections['reader']);
        $this->useListener($this->listenerFor($reads), writable: !$reads);

        return $this->timedQuery($query);
    }

    private function timedQuery(string $query): mixed
    {
        $started = hrtime(true);
        $result = parent::query($query);
        $this->nanoseconds += hrtime(true) - $started;

        return $result;
    }

    /** @return 'reader'|'writer' */
    private function listenerFor(bool $reads): string
    {
        return $reads && !$this->readsFromWriter() ? 'reader' : 'writer';
    }

    private function useListenerFor(bool $reads): void
    {
        if (!$this->useListener($this->listenerFor($reads)) && !$this->has_connected) {
            // Reports that there is no database, and ends the request.
            parent::db_connect();
        }
    }

    private function afterWriterStatement(Statement $statement): void
    {
        $this->readsFromWriter = $this->hasWritten = true;
        $tables = [];
        if ($statement->changesData()) {
            $tables = $statement->tables($this->base_prefix);
            $this->lastWrite->begin();
            if (!$this->willPublish) {
                // The shutdown function has run already.
                register_shutdown_function($this->publishLastWrite(...));
            }
            $this->wroteOn ??= $this->connections['writer'] ?? null;
            $this->willPublish = true;
        }

        // Other requests see the writes of a transaction after its commit.
        $visible = $statement->isCommit() ? array_filter([...array_keys($this->uncommitted), ...$tables]) : $tables;
        $this->cache?->invalidate(array_values(array_unique($visible)));
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
     * Makes the connection to a listener the one that WordPress uses.
     *
     * @param bool $writable the server was not the writer a moment ago: wait until it is, or another one
     */
    private function useListener(string $listener, bool $writable = false): bool
    {
        if ($listener === 'reader' && $this->readersGone) {
            $listener = 'writer';
        }
        $connection = $this->connections[$listener] ??= $listener === 'reader' ? $this->open('reader') : $this->openWriter($writable);
        if ($connection === null && $listener === 'reader') {
            $this->readersGone = true;

            return $this->useListener('writer');
        }
        $this->dbh = $connection;

        return $connection !== null;
    }

    private function dropWriterIfDisconnected(): void
    {
        $connection = $this->connections['writer'] ?? null;
        $wasIdle = microtime(true) - $this->writerUsedAt > self::IDLE_SECONDS_BEFORE_CHECK;
        if ($connection !== null && $this->uncommitted === [] && $wasIdle && !self::isAlive($connection)) {
            unset($this->connections['writer']);
        }
    }

    /** Sends no statement, which would reset ROW_COUNT() and FOUND_ROWS(). */
    private static function isAlive(\mysqli $connection): bool
    {
        return mysqli_stat($connection) !== false;
    }

    private function openWriter(bool $writable): ?\mysqli
    {
        $waits = !self::isReadOnlyRequest() && !(apcu_enabled() && apcu_exists(self::WRITER_GONE_KEY));
        $deadline = microtime(true) + ($waits ? self::WRITER_WAIT_SECONDS : 0.0);
        while (true) {
            $connection = $this->open('writer');
            if ($connection !== null && (!$writable || self::isWriter($connection))) {
                return $connection;
            }
            if (microtime(true) >= $deadline) {
                if (apcu_enabled() && !self::isReadOnlyRequest()) {
                    apcu_add(self::WRITER_GONE_KEY, 1, self::WRITER_GONE_SECONDS);
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

    private function open(string $listener): ?\mysqli
    {
        mysqli_report(MYSQLI_REPORT_OFF);
        $started = hrtime(true);
        // Reads the password again: the secret may have changed since the request began.
        $connection = DatabaseConnection::open(
            $this->listeners[$listener],
            $this->dbuser,
            $this->farmSite->databasePassword(),
            $this->dbname,
            initCommand: $this->initCommand(),
        );
        ++$this->opened;
        $this->nanoseconds += hrtime(true) - $started;
        if (in_array($connection->connect_errno, self::NO_DATABASE, true)) {
            // Reports the reason in WordPress's words.
            $this->select(
                $this->dbname,
                DatabaseConnection::open($this->listeners[$listener], $this->dbuser, $this->farmSite->databasePassword()),
            );
        }
        if ($connection->connect_errno !== 0) {
            return null;
        }
        $this->has_connected = $this->ready = true;

        return $connection;
    }

    /** One statement with all that WordPress sets on a new connection. */
    private function initCommand(): string
    {
        $modes = array_diff(self::SQL_MODES, (array) apply_filters('incompatible_sql_modes', $this->incompatible_modes));

        $collate = $this->collate === '' ? '' : " COLLATE '$this->collate'";

        return sprintf("SET NAMES '%s'%s, sql_mode = '%s'", $this->charset, $collate, implode(',', $modes));
    }

    /**
     * Whether this request reads from the writer. A request that changes something does: it reads the rows that it is about to change.
     * Other requests read from a replica when it has the site's last write; in the moment after a write they wait for it briefly.
     */
    private function readsFromWriter(): bool
    {
        if ($this->readsFromWriter !== null) {
            return $this->readsFromWriter;
        }
        if (!self::isReadOnlyRequest()) {
            return $this->readsFromWriter = true;
        }
        $position = $this->readsSince = $this->lastWrite->position();

        if ($position === null || ($position !== LastWrite::UNKNOWN && $this->replicaHas($position))) {
            return $this->readsFromWriter = false;
        }
        // While there is no writer, an older page is better than none. What it reads is not cached.
        if (($this->connections['writer'] ??= $this->open('writer')) === null) {
            $this->readsSince = self::BEFORE_ANY_WRITE;

            return $this->readsFromWriter = false;
        }

        return $this->readsFromWriter = true;
    }

    private static function isReadOnlyRequest(): bool
    {
        return PHP_SAPI !== 'cli'
            && in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true)
            && !defined('DOING_CRON')
            && !defined('WP_INSTALLING');
    }

    private function replicaHas(string $gtid): bool
    {
        $reader = $this->connections['reader'] ??= $this->open('reader');
        if ($reader === null) {
            return false;
        }
        $wait = sprintf("SELECT MASTER_GTID_WAIT('%s', %F)", $reader->real_escape_string($gtid), self::REPLICA_WAIT_SECONDS);
        $waited = mysqli_query($reader, $wait);

        return $waited instanceof \mysqli_result && $waited->fetch_row()[0] === '0';
    }

    private function publishLastWrite(): void
    {
        $writer = $this->wroteOn === null ? null : $this->connections['writer'] ?? null;
        $last = $writer === null ? false : mysqli_query($writer, 'SELECT @@last_gtid, @@global.gtid_binlog_pos');
        if ($last instanceof \mysqli_result) {
            [$gtid, $all] = $last->fetch_row();
            // The writer's position includes the writes of all requests so far, so the later of two positions covers both.
            $domain = strstr($gtid, '-', before_needle: true);
            if ($gtid !== '' && preg_match("/(?:^|,)($domain-\d+-\d+)/", $all, $position) === 1) {
                $this->lastWrite->publish($position[1]);
            } elseif ($writer === $this->wroteOn) {
                $this->lastWrite->cancel();
            }
        }
    }
}
