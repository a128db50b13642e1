<?php

/**
 * Tests how the database drop-in classifies SQL statements. Needs no other service:
 *
 *     php /usr/local/lib/wpfarm/tests/statement-test.php
 *
 * Prints TAP; exits with 1 when a test fails.
 */

declare(strict_types=1);

use WpFarm\Statement;

require '/usr/local/lib/wpfarm/autoload.php';

require __DIR__ . '/tap.php';

foreach ([
    'SELECT option_value FROM wp_options WHERE option_name = \'siteurl\'' => true,
    "\n\t(SELECT 1) UNION (SELECT 2)" => true,
    'SHOW FULL COLUMNS FROM `wp_posts`' => true,
    'DESCRIBE wp_posts' => true,
    'EXPLAIN SELECT 1' => true,
    'SELECT FOUND_ROWS()' => true,
    'SELECT * FROM wp_posts WHERE post_title = "FOR UPDATE"' => true,
    'SELECT * FROM wp_posts WHERE post_content = \'it\\\'s @home; GET_LOCK(1)\'' => true,
    'SELECT * FROM wp_posts WHERE ID = 1 FOR UPDATE' => false,
    'SELECT * FROM wp_posts LOCK IN SHARE MODE' => false,
    'SELECT GET_LOCK(\'a\', 1)' => false,
    'SELECT LAST_INSERT_ID()' => false,
    'SELECT @@session.sql_mode' => true,
    'SELECT @@last_insert_id' => false,
    'SELECT @total := COUNT(*) FROM wp_posts' => false,
    'SELECT NEXTVAL(wp_numbers)' => false,
    '/* a plugin\'s name */ SELECT 1' => true,
    "# a plugin's name\nSELECT 1" => true,
    "-- a plugin's name\nSELECT 1" => true,
    'SELECT /*! SQL_NO_CACHE */ ID FROM wp_posts' => true,
    'SELECT 1 /*M! FOR UPDATE */' => false,
    'WITH newest AS (SELECT ID FROM wp_posts) SELECT * FROM newest' => true,
    'WITH newest AS (SELECT ID FROM wp_posts) DELETE FROM wp_posts' => false,
    'WITH a AS (SELECT REPLACE(post_title, \'a\', \'b\') FROM wp_posts) SELECT * FROM a' => true,
    'VALUES (1), (2)' => true,
    'DO 1' => false,
    '/*!40000 ALTER TABLE wp_posts DISABLE KEYS */' => false,
    'INSERT INTO wp_posts (post_title) VALUES (\'SELECT\')' => false,
    'UPDATE wp_options SET option_value = 1' => false,
    'REPLACE INTO wp_options VALUES (1)' => false,
    'START TRANSACTION' => false,
    'SET autocommit = 0' => false,
    'CALL something()' => false,
    '/* SELECT */ DELETE FROM wp_posts' => false,
] as $sql => $reads) {
    is((new Statement($sql))->isRead(), $reads, ($reads ? 'any fresh server may execute: ' : 'goes to the writer: ') . trim($sql));
}

foreach ([
    'INSERT INTO wp_posts VALUES (1)' => true,
    'CREATE TABLE wp_new (id INT)' => true,
    'CALL something()' => true,
    'SET PASSWORD = PASSWORD(\'a\')' => true,
    'SET STATEMENT max_statement_time = 1 FOR UPDATE wp_posts SET ID = 1' => true,
    'WITH a AS (SELECT 1) DELETE FROM wp_posts' => true,
    'SELECT ID FROM wp_posts FOR UPDATE' => false,
    'SELECT GET_LOCK(\'a\', 1)' => false,
    'SET SESSION group_concat_max_len = 100000' => false,
    '/* a plugin */ SET NAMES utf8mb4' => false,
    'DO RELEASE_LOCK(\'a\')' => false,
    'START TRANSACTION' => false,
    'COMMIT' => false,
] as $sql => $changes) {
    is((new Statement($sql))->changesData(), $changes, ($changes ? 'changes data: ' : 'changes no data: ') . $sql);
}

foreach ([
    'SELECT COUNT(*) FROM wp_posts p JOIN stats s ON s.post = p.ID' => false,
    'SELECT COUNT(*) FROM wp_posts p, stats s' => false,
    'SELECT COUNT(*) FROM wp_posts p JOIN wp_postmeta m ON (m.post_id = p.ID), stats' => false,
    'SELECT COUNT(*) FROM (wp_posts p, stats s)' => false,
    'SELECT COUNT(*) FROM (SELECT ID FROM wp_posts) a, stats' => false,
    'SELECT COUNT(*) FROM wp_posts USE INDEX (a, b), stats' => false,
    'SELECT COUNT(*) FROM `stats`' => false,
    'SELECT ID FROM wp_posts WHERE ID IN (SELECT post FROM stats) ORDER BY ID' => false,
    'SELECT ID FROM wp_posts UNION SELECT post FROM stats' => false,
    'SELECT COUNT(*) FROM elsewhere.wp_posts' => false,
    'SELECT p.ID, m.meta_value FROM wp_posts AS p LEFT JOIN wp_postmeta AS m ON p.ID = m.post_id'
        . ' WHERE a IN (1, 2) GROUP BY p.ID ORDER BY FIELD(p.ID, 2, 1) DESC, p.post_date' => true,
    'SELECT COUNT(*) FROM `wp_posts`, `wp_terms` t WHERE t.name = \'FROM stats\'' => true,
    'SELECT COUNT(*) FROM (SELECT ID, post_title FROM wp_posts) AS found' => true,
    'WITH newest (a, b) AS (SELECT ID, post_date FROM wp_posts) SELECT COUNT(*) FROM newest' => true,
] as $sql => $only) {
    $name = ($only ? 'reads the site\'s tables alone: ' : 'reads other tables, too: ') . $sql;
    is((new Statement($sql))->readsOnlyTablesWith('wp_'), $only, $name);
}

foreach ([
    'SELECT p.ID FROM wp_posts p JOIN wp_postmeta m ON m.post_id = p.ID' => true,
    'SELECT ID FROM wp_posts ORDER BY post_date DESC LIMIT 10' => true,
    'SELECT COUNT(*) FROM wp_comments' => true,
    'SELECT option_value FROM wp_options WHERE option_name = \'x\' LIMIT 1' => false,
    'SELECT SQL_CALC_FOUND_ROWS ID FROM wp_posts ORDER BY post_date' => false,
    'SELECT ID FROM wp_posts WHERE post_date < NOW() ORDER BY ID' => false,
    'SELECT ID FROM wp_posts ORDER BY RAND()' => false,
    'SHOW TABLES' => false,
] as $sql => $caches) {
    is((new Statement($sql))->isWorthCaching(), $caches, ($caches ? 'is worth caching: ' : 'is not cached: ') . $sql);
}

$join = 'SELECT wp_posts.ID FROM wp_posts JOIN wp_term_relationships r WHERE x = \'wp_options\' AND wp_posts.ID = 1';
is((new Statement($join))->tables('wp_'), ['wp_posts', 'wp_term_relationships'], 'a name in a literal is no table');
is((new Statement('SELECT ' . str_repeat('\'a\'\'b\', ', 200000) . '1'))->isRead(), true, 'a statement of megabytes is classified');
foreach ([
    'START TRANSACTION' => [true, true],
    ' begin' => [true, true],
    'SET autocommit = 0' => [true, false],
    'COMMIT' => [false, true],
    'ROLLBACK;' => [false, true],
    'ROLLBACK TO SAVEPOINT a' => [false, false],
    'INSERT INTO wp_posts VALUES (\'COMMIT\')' => [false, false],
    'COMMIT AND CHAIN' => [true, true],
    'SET @@session.autocommit = 1' => [false, true],
    'SET NAMES utf8mb4, autocommit = OFF' => [true, false],
    'ALTER TABLE wp_posts ADD a INT' => [false, true],
    'CREATE TEMPORARY TABLE a (id INT)' => [false, false],
    'DROP TEMPORARY TABLE a' => [false, false],
    'TRUNCATE wp_posts' => [false, true],
    'BEGIN NOT ATOMIC SELECT 1; END' => [false, false],
] as $sql => $expected) {
    $statement = new Statement($sql);
    is([$statement->beginsTransaction(), $statement->endsTransaction()], $expected, "a transaction begins, ends: $sql");
}
foreach ([
    'SELECT FOUND_ROWS()',
    'SELECT ROW_COUNT()',
    '/* a plugin */ SHOW WARNINGS',
    'SHOW COUNT(*) ERRORS',
    'GET DIAGNOSTICS @n = NUMBER',
    'SELECT @@warning_count',
] as $sql) {
    is((new Statement($sql))->asksAboutPreviousStatement(), true, "asks about the previous statement: $sql");
}

echo "1..$count\n";
exit($failures === 0 ? 0 : 1);
