<?php

declare(strict_types=1);

namespace WpFarm;

/** What an SQL statement does, as far as it matters for where it may run and whether its result may be kept. */
final class Statement
{
    private const READS = ['SELECT', 'WITH', 'VALUES', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'HELP'];

    /** What is not there any more when the connection is, or was not for others to see: no data of the site. */
    private const OF_THE_CONNECTION = ['SET', 'DO', 'USE', 'LOCK', 'UNLOCK', 'START', 'BEGIN', 'SAVEPOINT', 'RELEASE', 'PREPARE', 'DEALLOCATE', 'COMMIT', 'ROLLBACK', 'KILL'];

    /** Each commits what was begun before it. (CREATE and DROP of a temporary table do not.) */
    private const DEFINES = ['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME', 'LOCK', 'GRANT', 'REVOKE', 'ANALYZE', 'CHECK', 'OPTIMIZE', 'REPAIR', 'FLUSH'];

    /** Reads that mean something on one connection or on the writer only. */
    private const BOUND = '/\bFOR\s+UPDATE\b|\bLOCK\s+IN\s+SHARE\s+MODE\b|\bINTO\s+(?:OUTFILE|DUMPFILE|@)|\b(?:GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK|LAST_INSERT_ID|CONNECTION_ID|ROW_COUNT|NEXTVAL|LASTVAL|SETVAL)\s*\(|\b(?:NEXT|PREVIOUS)\s+VALUE\s+FOR\b|(?<!@)@(?!@)|@@(?:SESSION\.|LOCAL\.)?(?:IDENTITY|LAST_INSERT_ID|INSERT_ID|LAST_GTID|IN_TRANSACTION)\b/i';

    /** Asks for something that only the connection knows that ran the statement before it. */
    private const OF_THE_ONE_BEFORE = '/\b(?:FOUND_ROWS|ROW_COUNT)\s*\(|^\s*SHOW\s+(?:COUNT\s*\(\s*\*\s*\)\s+)?(?:WARNINGS|ERRORS)\b|^\s*GET\s+(?:CURRENT\s+)?DIAGNOSTICS\b|@@(?:WARNING_COUNT|ERROR_COUNT)\b/i';

    /** Results that differ from one moment or server to the next, or of which a part is asked for afterwards. */
    private const FLEETING = '/\b(?:NOW|SYSDATE|CURDATE|CURTIME|CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|UNIX_TIMESTAMP|RAND|RANDOM_BYTES|UUID|UUID_SHORT|UUID_V4|UUID_V7|SYS_GUID|SLEEP|BENCHMARK|FOUND_ROWS)\b|\bSQL_CALC_FOUND_ROWS\b|\bSQL_NO_CACHE\b|@/i';

    /** What makes a query worth keeping: rows by their key are in the object cache already. */
    private const COSTLY = '/\b(?:JOIN|UNION|GROUP\s+BY|ORDER\s+BY)\b|\b(?:COUNT|SUM|MAX|MIN|AVG)\s*\(/i';

    /** What ends a list of tables. */
    private const AFTER_TABLES = ['SELECT', 'WITH', 'VALUES', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT', 'INTERSECT', 'PROCEDURE', 'INTO'];

    /** Without comments, and without the text of its literals: what a post says must not look like SQL. */
    private readonly string $bare;

    /** Its first word, in capitals. */
    private readonly string $verb;

    public function __construct(public readonly string $sql)
    {
        // Linear in its length: possessive, so that it never goes back. What stands in a comment for MariaDB alone is a part of the statement.
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

    /** Whether others may see something else after it. A read for the writer alone changes nothing, nor does what a connection is told. */
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

    /** What was written since the transaction began is for others to see. */
    public function isCommit(): bool
    {
        return $this->verb === 'COMMIT' || $this->autocommit() === true || $this->commitsWhatWasBegun();
    }

    /** Going back to a savepoint does not. */
    public function endsTransaction(): bool
    {
        return $this->isCommit() || preg_match('/^\s*ROLLBACK\b(?!.*\bTO\b)/is', $this->bare) === 1;
    }

    /** What it sets autocommit to; null: nothing. */
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

    /** Whether it reads tables of the site alone: of a write to any other, the site's cache of queries hears nothing. */
    public function readsOnly(string $prefix): bool
    {
        preg_match_all('/\b([\w$]+)\s*(?:\([^()]*\)\s*)?AS\s*\(\s*(?:SELECT|WITH|VALUES)\b/i', $this->bare, $named); // WITH name AS (…)
        preg_match_all('/(?:`[^`]+`|[\w$]+)(?:\s*\.\s*(?:`[^`]+`|[\w$]+))?|[(),]/', $this->bare, $tokens);
        $lists = false; // whether what stands here, within these parentheses, is a list of tables
        $awaits = false; // and whether the next word is one
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
