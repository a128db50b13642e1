<?php

/**
 * What the database drop-in thinks of SQL statements. Needs nothing:
 *
 *     php /usr/local/lib/wpfarm/tests/statement-test.php
 *
 * Prints TAP; exits with 1 when something is not ok.
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
    'SELECT @@session.sql_mode' => false,
    'INSERT INTO wp_posts (post_title) VALUES (\'SELECT\')' => false,
    'UPDATE wp_options SET option_value = 1' => false,
    'REPLACE INTO wp_options VALUES (1)' => false,
    'START TRANSACTION' => false,
    'SET autocommit = 0' => false,
    'CALL something()' => false,
    '/* SELECT */ DELETE FROM wp_posts' => false,
] as $sql => $reads) {
    is((new Statement($sql))->isRead(), $reads, ($reads ? 'may be read anywhere: ' : 'goes to the writer: ') . trim($sql));
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
] as $sql => $keeps) {
    is((new Statement($sql))->isWorthKeeping(), $keeps, ($keeps ? 'is worth keeping: ' : 'is not kept: ') . $sql);
}

is((new Statement('SELECT wp_posts.ID FROM wp_posts JOIN wp_term_relationships r WHERE x = \'wp_options\' AND wp_posts.ID = 1'))->tables('wp_'), ['wp_posts', 'wp_term_relationships'], 'tables are those that are named, not those that are text');
is((new Statement('SELECT ' . str_repeat('\'a\'\'b\', ', 200000) . '1'))->isRead(), true, 'a statement of megabytes is understood');
foreach (['START TRANSACTION' => [true, false], ' begin' => [true, false], 'SET autocommit = 0' => [true, false], 'COMMIT' => [false, true], 'ROLLBACK;' => [false, true], 'ROLLBACK TO SAVEPOINT a' => [false, false], 'INSERT INTO wp_posts VALUES (\'COMMIT\')' => [false, false]] as $sql => $expected) {
    is([(new Statement($sql))->beginsTransaction(), (new Statement($sql))->endsTransaction()], $expected, "a transaction begins, ends: $sql");
}
is((new Statement('SELECT FOUND_ROWS()'))->belongsToTheOneBefore(), true, 'FOUND_ROWS belongs to the statement before');

echo "1..$count\n";
exit($failures === 0 ? 0 : 1);
