<?php

declare(strict_types=1);

namespace WpFarm;

/** What an SQL statement does, as far as it matters for where it may run and whether its result may be kept. */
final class Statement
{
    /** Reads that mean something on one connection or on the writer only. */
    private const BOUND = '/\bFOR\s+UPDATE\b|\bLOCK\s+IN\s+SHARE\s+MODE\b|\bINTO\s+(?:OUTFILE|DUMPFILE|@)|\b(?:GET_LOCK|RELEASE_LOCK|IS_FREE_LOCK|IS_USED_LOCK|LAST_INSERT_ID|CONNECTION_ID|ROW_COUNT)\s*\(|@/i';

    /** Results that differ from one moment to the next, or of which a part is asked for afterwards. */
    private const FLEETING = '/\b(?:NOW|SYSDATE|CURDATE|CURTIME|CURRENT_DATE|CURRENT_TIME|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|UNIX_TIMESTAMP|RAND|UUID|SLEEP|FOUND_ROWS)\b|\bSQL_CALC_FOUND_ROWS\b|\bSQL_NO_CACHE\b/i';

    /** What makes a query worth keeping: rows by their key are in the object cache already. */
    private const COSTLY = '/\b(?:JOIN|UNION|GROUP\s+BY|ORDER\s+BY)\b|\b(?:COUNT|SUM|MAX|MIN|AVG)\s*\(/i';

    /** Without the text of its literals: what a post says must not look like SQL. */
    private readonly string $bare;

    public function __construct(public readonly string $sql)
    {
        // Linear in its length: possessive, so that it never goes back.
        $this->bare = preg_replace('/\'(?:[^\'\\\\]++|\\\\.|\'\')*+\'|"(?:[^"\\\\]++|\\\\.|"")*+"|\/\*.*?\*\/|(?:--\s|#)[^\n]*+/s', "''", $sql) ?? $sql;
    }

    /** Whether any server that is fresh enough may answer it. */
    public function isRead(): bool
    {
        return preg_match('/^[\s(]*(?:SELECT|SHOW|DESCRIBE|DESC|EXPLAIN)\b/i', $this->bare) === 1 && preg_match(self::BOUND, $this->bare) !== 1;
    }

    /** Asks how many rows the statement before it would have had: only the connection that ran that one knows. */
    public function belongsToTheOneBefore(): bool
    {
        return preg_match('/\bFOUND_ROWS\s*\(/i', $this->bare) === 1;
    }

    public function isCommit(): bool
    {
        return preg_match('/^\s*COMMIT\b/i', $this->bare) === 1;
    }

    public function beginsTransaction(): bool
    {
        return preg_match('/^\s*(?:START\s+TRANSACTION|BEGIN)\b/i', $this->bare) === 1 || preg_match('/^\s*SET\s+(?:SESSION\s+)?autocommit\s*=\s*(?:0|OFF)/i', $this->bare) === 1;
    }

    /** Going back to a savepoint does not. */
    public function endsTransaction(): bool
    {
        return $this->isCommit() || preg_match('/^\s*ROLLBACK\b(?!.*\bTO\b)/is', $this->bare) === 1;
    }

    public function isWorthKeeping(): bool
    {
        return $this->isRead()
            && preg_match('/^[\s(]*SELECT\b/i', $this->bare) === 1
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
}
