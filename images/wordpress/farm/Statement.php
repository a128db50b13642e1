<?php

declare(strict_types=1);

namespace WpFarm;

/** Classifies an SQL statement: on which server it may run, and whether its result may be cached. */
final class Statement
{
    private const READS = ['SELECT', 'WITH', 'VALUES', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'HELP'];

    /** These change the state of the session, not the site's data. */
    private const SESSION = [
        'SET', 'DO', 'USE', 'LOCK', 'UNLOCK', 'START', 'BEGIN', 'SAVEPOINT', 'RELEASE', 'PREPARE', 'DEALLOCATE', 'COMMIT', 'ROLLBACK',
        'KILL',
    ];

    /** Each of these commits the open transaction, except CREATE and DROP of a temporary table. */
    private const IMPLICIT_COMMIT = [
        'CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME', 'LOCK', 'GRANT', 'REVOKE', 'ANALYZE', 'CHECK', 'OPTIMIZE', 'REPAIR', 'FLUSH',
    ];

    /** These reads are valid only on one connection, or only on the writer. */
    private const CONNECTION_BOUND = '/\bFOR\s+UPDATE\b|\bLOCK\s+IN\s+SHARE\s+MODE\b|\bINTO\s+(?:OUTFILE|DUMPFILE|@)'
        . '|\b(?:GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK|LAST_INSERT_ID|CONNECTION_ID|ROW_COUNT'
        . '|NEXTVAL|LASTVAL|SETVAL)\s*\('
        . '|\b(?:NEXT|PREVIOUS)\s+VALUE\s+FOR\b|(?<!@)@(?!@)'
        . '|@@(?:SESSION\.|LOCAL\.)?(?:IDENTITY|LAST_INSERT_ID|INSERT_ID|LAST_GTID|IN_TRANSACTION)\b/i';

    /** Asks the connection about its previous statement. */
    private const ABOUT_PREVIOUS = '/\b(?:FOUND_ROWS|ROW_COUNT)\s*\(|^\s*SHOW\s+(?:COUNT\s*\(\s*\*\s*\)\s+)?(?:WARNINGS|ERRORS)\b'
        . '|^\s*GET\s+(?:CURRENT\s+)?DIAGNOSTICS\b|@@(?:WARNING_COUNT|ERROR_COUNT)\b/i';

    /** The result depends on the time or the server, or the next statement asks about it. */
    private const NOT_REPEATABLE = '/\b(?:NOW|SYSDATE|CURDATE|CURTIME|CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME'
        . '|LOCALTIMESTAMP|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|UNIX_TIMESTAMP|RAND|RANDOM_BYTES|UUID|UUID_SHORT|UUID_V4|UUID_V7|SYS_GUID'
        . '|SLEEP|BENCHMARK|FOUND_ROWS)\b|\bSQL_CALC_FOUND_ROWS\b|\bSQL_NO_CACHE\b|@/i';

    /** A query without any of these reads rows by their key, which are in the object cache already. */
    private const COSTLY = '/\b(?:JOIN|UNION|GROUP\s+BY|ORDER\s+BY)\b|\b(?:COUNT|SUM|MAX|MIN|AVG)\s*\(/i';

    /** Each of these words ends a list of tables. */
    private const AFTER_TABLES = [
        'SELECT', 'WITH', 'VALUES', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT',
        'INTERSECT', 'PROCEDURE', 'INTO',
    ];

    /** The statement without comments and without the text of its literals: the text of a post must not look like SQL. */
    private readonly string $bare;

    /** The first word of the statement, in capitals. */
    private readonly string $verb;

    public function __construct(public readonly string $sql)
    {
        // The possessive quantifiers keep the time linear in the length. MariaDB executes the text of /*! … */ and /*M! … */.
        $bare = preg_replace_callback(
            '/\'(?:[^\'\\\\]++|\\\\.|\'\')*+\'|"(?:[^"\\\\]++|\\\\.|"")*+"|\/\*(?:M?!\d*+)?.*?\*\/|(?:--(?=\s)|#)[^\n]*+/s',
            static fn (array $part) => match (true) {
                preg_match('/^\/\*M?!\d*(.*)\*\/$/s', $part[0], $code) === 1 => " $code[1] ",
                in_array($part[0][0], ["'", '"'], true) => "''",
                default => ' ',
            },
            $sql,
        );
        $this->bare = $bare ?? $sql;
        $this->verb = preg_match('/^[\s(]*+([a-z]++)/i', $this->bare, $word) === 1 ? strtoupper($word[1]) : '';
    }

    /** Whether any server that is fresh enough may execute it. */
    public function isRead(): bool
    {
        return in_array($this->verb, self::READS, true)
            && preg_match(self::CONNECTION_BOUND, $this->bare) !== 1
            && ($this->verb !== 'WITH' || preg_match('/\b(?:INSERT|UPDATE|DELETE|REPLACE)\b(?!\s*\()/i', $this->bare) !== 1);
    }

    /** Whether other connections may read different rows after it. Locking reads and session settings change no data. */
    public function changesData(): bool
    {
        if (in_array($this->verb, self::READS, true)) {
            return $this->verb === 'WITH' && !$this->isRead();
        }

        return !in_array($this->verb, self::SESSION, true)
            || preg_match('/^\s*(?:SET\s+(?:PASSWORD|STATEMENT)|BEGIN\s+NOT)\b/i', $this->bare) === 1;
    }

    public function asksAboutPreviousStatement(): bool
    {
        return preg_match(self::ABOUT_PREVIOUS, $this->bare) === 1;
    }

    public function beginsTransaction(): bool
    {
        $begins = '/^\s*(?:START\s+TRANSACTION\b|BEGIN\b(?!\s+NOT\b)|COMMIT\b.*\bAND\s+CHAIN\b|ROLLBACK\b.*\bAND\s+CHAIN\b)/is';

        return preg_match($begins, $this->bare) === 1 || $this->autocommit() === false;
    }

    /** Whether it makes the writes of the open transaction visible to other connections. */
    public function isCommit(): bool
    {
        return $this->verb === 'COMMIT' || $this->autocommit() === true || $this->commitsImplicitly();
    }

    /** False for ROLLBACK TO a savepoint. */
    public function endsTransaction(): bool
    {
        return $this->isCommit() || preg_match('/^\s*ROLLBACK\b(?!.*\bTO\b)/is', $this->bare) === 1;
    }

    /** The value that it sets autocommit to; null when it does not set autocommit. */
    public function autocommit(): ?bool
    {
        return preg_match('/^\s*SET\b.*?(?:\b|@@)autocommit\s*:?=\s*(\w+)/is', $this->bare, $found) === 1
            ? !in_array(strtoupper($found[1]), ['0', 'OFF', 'FALSE'], true)
            : null;
    }

    public function isWorthCaching(): bool
    {
        return $this->isRead()
            && in_array($this->verb, ['SELECT', 'WITH'], true)
            && preg_match(self::COSTLY, $this->bare) === 1
            && preg_match(self::NOT_REPEATABLE, $this->bare) !== 1;
    }

    /** @return list<string> the names in it that begin with the site's table prefix, sorted */
    public function tables(string $prefix): array
    {
        preg_match_all('/\b' . preg_quote($prefix, '/') . '\w+/', $this->bare, $found);
        $tables = array_values(array_unique($found[0]));
        sort($tables);

        return $tables;
    }

    /** Whether the name of every table that it reads has the prefix. The query cache is told of writes to those tables only. */
    public function readsOnlyTablesWith(string $prefix): bool
    {
        preg_match_all('/\b([\w$]+)\s*(?:\([^()]*\)\s*)?AS\s*\(\s*(?:SELECT|WITH|VALUES)\b/i', $this->bare, $named); // WITH name AS (…)
        preg_match_all('/(?:`[^`]+`|[\w$]+)(?:\s*\.\s*(?:`[^`]+`|[\w$]+))?|[(),]/', $this->bare, $tokens);
        $inTableList = false; // inside these parentheses, the tokens are a list of tables
        $expectsTable = false; // the next word names a table
        $outer = []; // $inTableList of the parentheses around these
        foreach ($tokens[0] as $token) {
            $word = strtoupper($token);
            if ($token === '(') {
                $outer[] = $inTableList;
                $inTableList = $expectsTable;
            } elseif ($token === ')') {
                $inTableList = array_pop($outer) ?? false;
                $expectsTable = false;
            } elseif ($token === ',') {
                $expectsTable = $inTableList;
            } elseif (in_array($word, ['FROM', 'JOIN', 'STRAIGHT_JOIN'], true)) {
                $inTableList = $expectsTable = true;
            } elseif (in_array($word, self::AFTER_TABLES, true)) {
                $inTableList = $expectsTable = false;
            } elseif ($expectsTable) {
                $name = str_replace('`', '', $token);
                if (!str_starts_with($name, $prefix) && !in_array($name, $named[1], true)) {
                    return false;
                }
                $expectsTable = false;
            }
        }

        return true;
    }

    private function commitsImplicitly(): bool
    {
        return match ($this->verb) {
            'START', 'BEGIN' => $this->beginsTransaction(),
            'CREATE', 'DROP' => preg_match('/^\s*\w+\s+(?:OR\s+REPLACE\s+)?TEMPORARY\b/i', $this->bare) !== 1,
            'SET' => preg_match('/^\s*SET\s+PASSWORD\b/i', $this->bare) === 1,
            default => in_array($this->verb, self::IMPLICIT_COMMIT, true),
        };
    }
}
