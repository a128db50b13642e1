<?php

declare(strict_types=1);

namespace WpFarm;

/** What an SQL statement does, as far as it matters for where it may run and whether its result may be kept. */
final class Statement
{
    private const READS = ['SELECT', 'WITH', 'VALUES', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'HELP'];

    /** These change the state of the connection, not the site's data. */
    private const OF_THE_CONNECTION = ['SET', 'DO', 'USE', 'LOCK', 'UNLOCK', 'START', 'BEGIN', 'SAVEPOINT', 'RELEASE', 'PREPARE', 'DEALLOCATE', 'COMMIT', 'ROLLBACK', 'KILL'];

    /** Each of these commits the open transaction, except CREATE and DROP of a temporary table. */
    private const DEFINES = ['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME', 'LOCK', 'GRANT', 'REVOKE', 'ANALYZE', 'CHECK', 'OPTIMIZE', 'REPAIR', 'FLUSH'];

    /** These reads are valid only on one connection, or only on the writer. */
    private const BOUND = '/\bFOR\s+UPDATE\b|\bLOCK\s+IN\s+SHARE\s+MODE\b|\bINTO\s+(?:OUTFILE|DUMPFILE|@)|\b(?:GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK|LAST_INSERT_ID|CONNECTION_ID|ROW_COUNT|NEXTVAL|LASTVAL|SETVAL)\s*\(|\b(?:NEXT|PREVIOUS)\s+VALUE\s+FOR\b|(?<!@)@(?!@)|@@(?:SESSION\.|LOCAL\.)?(?:IDENTITY|LAST_INSERT_ID|INSERT_ID|LAST_GTID|IN_TRANSACTION)\b/i';

    /** Asks the connection about its previous statement. */
    private const OF_THE_ONE_BEFORE = '/\b(?:FOUND_ROWS|ROW_COUNT)\s*\(|^\s*SHOW\s+(?:COUNT\s*\(\s*\*\s*\)\s+)?(?:WARNINGS|ERRORS)\b|^\s*GET\s+(?:CURRENT\s+)?DIAGNOSTICS\b|@@(?:WARNING_COUNT|ERROR_COUNT)\b/i';

    /** The result depends on the time or the server, or the next statement asks for the rest of it. */
    private const FLEETING = '/\b(?:NOW|SYSDATE|CURDATE|CURTIME|CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|UNIX_TIMESTAMP|RAND|RANDOM_BYTES|UUID|UUID_SHORT|UUID_V4|UUID_V7|SYS_GUID|SLEEP|BENCHMARK|FOUND_ROWS)\b|\bSQL_CALC_FOUND_ROWS\b|\bSQL_NO_CACHE\b|@/i';

    /** What makes a query worth keeping: rows by their key are in the object cache already. */
    private const COSTLY = '/\b(?:JOIN|UNION|GROUP\s+BY|ORDER\s+BY)\b|\b(?:COUNT|SUM|MAX|MIN|AVG)\s*\(/i';

    /** Each of these words ends a list of tables. */
    private const AFTER_TABLES = ['SELECT', 'WITH', 'VALUES', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT', 'INTERSECT', 'PROCEDURE', 'INTO'];

    /** Without comments, and without the text of its literals: what a post says must not look like SQL. */
    private readonly string $bare;

    /** Its first word, in capitals. */
    private readonly string $verb;

    public function __construct(public readonly string $sql)
    {
        // Possessive quantifiers keep it linear in the statement's length. MariaDB executes the text of /*! … */ and /*M! … */.
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

    /** Whether any server that is fresh enough may answer it. */
    public function isRead(): bool
    {
        return in_array($this->verb, self::READS, true)
            && preg_match(self::BOUND, $this->bare) !== 1
            && ($this->verb !== 'WITH' || preg_match('/\b(?:INSERT|UPDATE|DELETE|REPLACE)\b(?!\s*\()/i', $this->bare) !== 1);
    }

    /** Whether another connection may read something else after it. Locking reads and session settings change no data. */
    public function changesData(): bool
    {
        return !in_array($this->verb, self::READS, true)
            && (!in_array($this->verb, self::OF_THE_CONNECTION, true) || preg_match('/^\s*(?:SET\s+(?:PASSWORD|STATEMENT)|BEGIN\s+NOT)\b/i', $this->bare) === 1)
            || ($this->verb === 'WITH' && !$this->isRead());
    }

    public function belongsToTheOneBefore(): bool
    {
        return preg_match(self::OF_THE_ONE_BEFORE, $this->bare) === 1;
    }

    public function beginsTransaction(): bool
    {
        return preg_match('/^\s*(?:START\s+TRANSACTION\b|BEGIN\b(?!\s+NOT\b)|COMMIT\b.*\bAND\s+CHAIN\b|ROLLBACK\b.*\bAND\s+CHAIN\b)/is', $this->bare) === 1 || $this->autocommit() === false;
    }

    /** Makes what the transaction wrote visible to other connections. */
    public function isCommit(): bool
    {
        return $this->verb === 'COMMIT' || $this->autocommit() === true || $this->commitsWhatWasBegun();
    }

    /** ROLLBACK TO a savepoint does not. */
    public function endsTransaction(): bool
    {
        return $this->isCommit() || preg_match('/^\s*ROLLBACK\b(?!.*\bTO\b)/is', $this->bare) === 1;
    }

    /** The value that it gives to autocommit; null when it sets another variable or none. */
    public function autocommit(): ?bool
    {
        return preg_match('/^\s*SET\b.*?(?:\b|@@)autocommit\s*:?=\s*(\w+)/is', $this->bare, $found) === 1
            ? !in_array(strtoupper($found[1]), ['0', 'OFF', 'FALSE'], true)
            : null;
    }

    public function isWorthKeeping(): bool
    {
        return $this->isRead()
            && in_array($this->verb, ['SELECT', 'WITH'], true)
            && preg_match(self::COSTLY, $this->bare) === 1
            && preg_match(self::FLEETING, $this->bare) !== 1;
    }

    /** @return list<string> the site's tables that it names, sorted */
    public function tables(string $prefix): array
    {
        preg_match_all('/\b' . preg_quote($prefix, '/') . '\w+/', $this->bare, $found);
        $tables = array_values(array_unique($found[0]));
        sort($tables);

        return $tables;
    }

    /** Whether every table that it reads has the site's prefix. The query cache learns of writes to those tables only. */
    public function readsOnly(string $prefix): bool
    {
        preg_match_all('/\b([\w$]+)\s*(?:\([^()]*\)\s*)?AS\s*\(\s*(?:SELECT|WITH|VALUES)\b/i', $this->bare, $named); // WITH name AS (…)
        preg_match_all('/(?:`[^`]+`|[\w$]+)(?:\s*\.\s*(?:`[^`]+`|[\w$]+))?|[(),]/', $this->bare, $tokens);
        $lists = false; // inside these parentheses, the tokens are a list of tables
        $awaits = false; // the next word names a table
        $outside = [];
        foreach ($tokens[0] as $token) {
            $word = strtoupper($token);
            if ($token === '(') {
                $outside[] = $lists;
                $lists = $awaits;
            } elseif ($token === ')') {
                $lists = array_pop($outside) ?? false;
                $awaits = false;
            } elseif ($token === ',') {
                $awaits = $lists;
            } elseif (in_array($word, ['FROM', 'JOIN', 'STRAIGHT_JOIN'], true)) {
                $lists = $awaits = true;
            } elseif (in_array($word, self::AFTER_TABLES, true)) {
                $lists = $awaits = false;
            } elseif ($awaits) {
                $name = str_replace('`', '', $token);
                if (!str_starts_with($name, $prefix) && !in_array($name, $named[1], true)) {
                    return false;
                }
                $awaits = false;
            }
        }

        return true;
    }

    private function commitsWhatWasBegun(): bool
    {
        return match ($this->verb) {
            'START', 'BEGIN' => $this->beginsTransaction(),
            'CREATE', 'DROP' => preg_match('/^\s*\w+\s+(?:OR\s+REPLACE\s+)?TEMPORARY\b/i', $this->bare) !== 1,
            'SET' => preg_match('/^\s*SET\s+PASSWORD\b/i', $this->bare) === 1,
            default => in_array($this->verb, self::DEFINES, true),
        };
    }
}
