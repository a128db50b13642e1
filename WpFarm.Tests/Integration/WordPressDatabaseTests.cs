using System.Globalization;
using System.Net;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Integration;

/// <summary>
/// How WordPress uses the database's two listeners and Memcached; also runs the PHP tests of the image, and looks what the image has.
/// </summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class WordPressDatabaseTests(SharedFarm farm)
{
    [Theory]
    [InlineData("statement-test.php")]
    [InlineData("object-cache-test.php")]
    [InlineData("cgroup-test.php")]
    [InlineData("workers-test.php")]
    public async Task The_tests_of_the_image_pass_in_a_pool_container(string test)
    {
        var container = (await farm.ContainersAsync($"pool-{farm.Blog.Tier}"))[0];

        var (exitCode, output) = await SharedFarm.RunAsync(
            "docker",
            ["exec", container, "php", "-c", "/etc/php/farm/php.ini", "-d", "apc.enable_cli=1", $"/usr/local/lib/wpfarm/tests/{test}"]
        );

        Assert.True(exitCode == 0, output);
        Assert.Contains("\nok ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_Health_misses_no_PHP_module()
    {
        const string Check = """
            require_once ABSPATH . 'wp-admin/includes/admin.php';
            $result = WP_Site_Health::get_instance()->get_test_php_extensions();
            echo $result['status'] === 'good' ? 'good' : wp_strip_all_tags($result['description'])
            """;

        Assert.Equal("good", await PhpAsync(Check));
    }

    [Fact]
    public async Task Modules_that_plugins_ask_for_are_there()
    {
        const string Missing = """
            $wanted = ['bcmath', 'exif', 'fileinfo', 'gd', 'imagick', 'intl', 'mbstring', 'pdo_sqlite', 'soap', 'sodium', 'sqlite3', 'zip'];
            echo 'missing: ' . implode(' ', array_filter($wanted, fn ($module) => !extension_loaded($module)))
            """;

        Assert.Equal("missing:", (await PhpAsync(Missing)).Trim());
    }

    /// <summary>A memory limit of PHP does not count what ImageMagick takes.</summary>
    [Fact]
    public async Task ImageMagick_works_on_large_pictures_on_the_disk()
    {
        Assert.Equal("67108864", await PhpAsync("echo Imagick::getResourceLimit(Imagick::RESOURCETYPE_MEMORY)"));
    }

    [Fact]
    public async Task ImageMagick_writes_the_formats_of_pictures()
    {
        const string Write = """
            foreach (['jpeg', 'png', 'gif', 'webp', 'avif'] as $format) {
                $picture = new Imagick();
                $picture->newImage(64, 64, 'red', $format);
                echo $picture->getImageBlob() === '' ? "$format fails " : '';
            }
            echo 'all written'
            """;

        Assert.Equal("all written", await PhpAsync(Write));
    }

    [Fact]
    public async Task WordPress_has_the_locales_that_farm_json_may_name()
    {
        var locales = await PhpAsync("$all = get_available_languages(); sort($all); echo implode(' ', $all)");

        Assert.Equal(Locales.All.Where(locale => locale != Locales.Default), locales.Split(' '));
    }

    [Fact]
    public async Task Visitors_read_from_the_replicas_once_those_have_the_sites_last_write()
    {
        using var visitor = farm.Browser();
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        await author.PublishAsync($"Before the count {Guid.NewGuid():N}");
        var writer = await farm.WriterAsync();

        await SharedFarm.EventuallyAsync("a page is read from replicas alone", async () =>
        {
            var before = (
                Writer: await SelectsAsync(writer),
                Replicas: await SelectsAsync("mariadb-r1") + await SelectsAsync("mariadb-r2")
            );
            using var page = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?s={Guid.NewGuid():N}"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var after = (Writer: await SelectsAsync(writer), Replicas: await SelectsAsync("mariadb-r1") + await SelectsAsync("mariadb-r2"));
            return after.Replicas > before.Replicas && after.Writer == before.Writer;
        });
    }

    [Fact]
    public async Task Results_of_costly_queries_come_from_Memcached_until_their_table_is_written_to()
    {
        using var visitor = farm.Browser();
        // The object cache must not answer first, and no page may be in Varnish.
        async Task<(int Hits, int Misses)> VisitAsync()
        {
            await ForgetObjectsAsync(farm.Shop);
            var before = (
                Hits: await MetricAsync("wpfarm_query_cache_hits_total"),
                Misses: await MetricAsync("wpfarm_query_cache_misses_total")
            );
            using var page = await visitor.GetAsync(new Uri($"{farm.Shop.Url}/?x={Guid.NewGuid():N}"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            return (
                await MetricAsync("wpfarm_query_cache_hits_total") - before.Hits,
                await MetricAsync("wpfarm_query_cache_misses_total") - before.Misses
            );
        }

        await SharedFarm.EventuallyAsync("the queries of a page come from Memcached", async () =>
            await VisitAsync() is { Hits: > 0, Misses: 0 }
        );

        using var author = await WordPressUser.LogInAsync(farm, farm.Shop);
        await author.PublishAsync($"Written {Guid.NewGuid():N}");

        // Until the replicas have the write, a page reads from the writer and does not ask Memcached.
        var after = (Hits: 0, Misses: 0);
        await SharedFarm.EventuallyAsync("a page asks Memcached again", async () => (after = await VisitAsync()) != (0, 0));
        Assert.NotEqual(0, after.Misses);
    }

    /// <summary>Backup and import plugins check the connection like this in the middle of their work.</summary>
    [Fact]
    public async Task A_connection_that_lives_keeps_its_transaction_its_lock_and_its_variables_when_a_plugin_checks_it()
    {
        var said = await PhpAsync(
            """
            $wpdb->query("CREATE TEMPORARY TABLE {$wpdb->prefix}probe (id INT)");
            $wpdb->query("SELECT GET_LOCK('farm-probe', 1)");
            $wpdb->query("SET SESSION wait_timeout = 1234");
            $wpdb->query('START TRANSACTION');
            $wpdb->query("INSERT INTO {$wpdb->prefix}probe VALUES (1)");
            $checked = $wpdb->check_connection(false);
            $wpdb->query("INSERT INTO {$wpdb->prefix}probe VALUES (2)");
            $wpdb->query('COMMIT');
            echo json_encode([
                $checked,
                $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}probe"),
                $wpdb->get_var("SELECT IS_USED_LOCK('farm-probe') = CONNECTION_ID()"),
                $wpdb->get_var('SELECT @@wait_timeout'),
            ]);
            """
        );

        Assert.EndsWith("""[true,"2","1","1234"]""", said, StringComparison.Ordinal);
    }

    /// <summary>The third request comes after a pause: WordPress checks the connection without a statement.</summary>
    [Fact]
    public async Task A_connection_can_be_closed_a_statement_dropped_and_a_count_asked_for_late()
    {
        var said = await PhpAsync(
            """
            $wpdb->get_var('SELECT 1');
            $closed = $wpdb->close();
            $again = $wpdb->get_var('SELECT 1');
            add_filter('query', static fn (string $sql) => $sql === 'DROP ME' ? '' : $sql);
            $wpdb->last_error = '';
            $dropped = $wpdb->query('DROP ME');
            $wpdb->query("CREATE TEMPORARY TABLE {$wpdb->prefix}probe (id INT)");
            $wpdb->query("INSERT INTO {$wpdb->prefix}probe VALUES (1), (2)");
            usleep(100000);
            echo json_encode([$closed, $again, $dropped, $wpdb->last_error, $wpdb->get_var('SELECT ROW_COUNT()')]);
            """
        );

        Assert.EndsWith("""[true,"1",false,"","2"]""", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_whose_connection_is_gone_is_told_to_be_of_unknown_outcome()
    {
        var said = await PhpAsync(
            """
            $wpdb->suppress_errors();
            $wpdb->query('SELECT GET_LOCK("farm-probe", 1)');
            $wpdb->dbh->kill($wpdb->dbh->thread_id);
            $wpdb->query("UPDATE {$wpdb->posts} SET post_title = post_title WHERE ID = 0");
            echo $wpdb->last_error;
            """
        );

        Assert.EndsWith("It is not known whether the statement was executed.", said, StringComparison.Ordinal);
    }

    /// <summary>WordPress needs six statements for this, each a round trip.</summary>
    [Fact]
    public async Task A_connection_is_set_up_as_WordPress_sets_up_its_own()
    {
        var said = await PhpAsync(
            """
            $own = new wpdb(DB_USER, DB_PASSWORD, DB_NAME, DB_HOST);
            $asks = 'SELECT @@sql_mode m, @@collation_connection c, @@character_set_client cl, @@character_set_results r, DATABASE() d';
            $of = fn (wpdb $database) => [
                $database->get_row($asks, ARRAY_A),
                $database->charset,
                $database->collate,
                $database->get_charset_collate(),
                mysqli_character_set_name($database->dbh),
            ];
            echo json_encode([$of($wpdb) === $of($own), $wpdb->db_version() === $own->db_version(), $of($wpdb)]);
            """
        );

        Assert.Contains("[true,true,[{", said, StringComparison.Ordinal);
    }

    /// <summary>A page whose objects are all cached escapes strings without a query to the database.</summary>
    [Fact]
    public async Task A_text_is_escaped_without_a_connection_as_it_is_with_one()
    {
        var said = await PhpAsync(
            """
            $texts = [implode(array_map(chr(...), range(0, 255))), "zażółć '\"gęślą\" \\ jaźń", 42, 1.5, true, null, ['x']];
            for ($i = 0; $i < 5000; ++$i) {
                $texts[] = random_bytes(random_int(1, 30)) . ['', "'", '"', '\\', "\xC3'", "\xF0\x9F'"][$i % 6];
            }
            $wpdb->close();
            $without = array_map($wpdb->_real_escape(...), $texts);
            $wpdb->get_var('SELECT 1');
            echo json_encode($without === array_map($wpdb->_real_escape(...), $texts));
            """
        );

        Assert.EndsWith("true", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_database_is_told_once()
    {
        var said = await PhpAsync("""$wpdb->suppress_errors(); $wpdb->query('NONSENSE'); echo count($GLOBALS['EZSQL_ERROR']);""");

        Assert.EndsWith("1", said, StringComparison.Ordinal);
    }

    /// <summary>Requests wait until a replica has a site's last write; here there is none to wait for.</summary>
    [Theory]
    [InlineData("/* a plugin */ SET SESSION group_concat_max_len = 100000")]
    [InlineData("SELECT GET_LOCK('farm-probe', 1)")]
    [InlineData("DO 1")]
    [InlineData("CREATE TEMPORARY TABLE wp_probe (id INT)")]
    [InlineData("UPDATE wp_posts SET post_title = post_title WHERE ID = 0")]
    public async Task What_changes_no_data_is_no_write_of_the_site(string sql)
    {
        const string Position =
            "echo (new WpFarm\\LastWrite(WpFarm\\MemcachedClient::forServers(WpFarm\\Farm::current()->memcached()), FARM_SITE))"
            + "->position() ?? 'none';";
        async Task<bool> NobodyHasWrittenAsync() => (await PhpAsync(Position)).EndsWith("none", StringComparison.Ordinal);

        // The site's cron may write at the same moment; each write statement leaves its mark.
        await SharedFarm.EventuallyAsync($"{sql} leaves no mark", async () =>
        {
            if (!await NobodyHasWrittenAsync())
                return false;
            await PhpAsync($"""$wpdb->query("{sql}");""");
            return await NobodyHasWrittenAsync();
        });
    }

    /// <summary>Other storage engines lose rows in a crash or at a start, and the loss of a MEMORY table is replicated.</summary>
    [Theory]
    [InlineData("MEMORY")]
    [InlineData("MyISAM")]
    [InlineData("Aria")]
    public async Task A_table_is_InnoDBs_on_every_server_whatever_a_plugin_asks_for(string engine)
    {
        await PhpAsync($"""$wpdb->query("CREATE OR REPLACE TABLE wp_probe_{engine} (id INT) ENGINE={engine}");""");

        foreach (
            var server in farm.Farm.Services.Where(service =>
                service.Image is WpFarm.Topology.Image.FirstParty { Folder: "mariadb" }
                && !service.Name.Contains("scratch", StringComparison.Ordinal)
            )
        )
            await SharedFarm.EventuallyAsync($"{server.Name} has it, of InnoDB", async () =>
                await SharedFarm.DockerAsync(
                    "exec",
                    (await farm.ContainersAsync(server.Name))[0],
                    "mariadb",
                    "--skip-column-names",
                    "--batch",
                    "--execute",
                    $"SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{farm.Blog.Database}' "
                        + $"AND TABLE_NAME = 'wp_probe_{engine}'"
                ) == "InnoDB"
            );
        await PhpAsync($"""$wpdb->query("DROP TABLE wp_probe_{engine}");""");
    }

    /// <summary>Runs PHP on the command line, as the blog.</summary>
    private async Task<string> PhpAsync(string work) =>
        await SharedFarm.PhpAsync((await farm.ContainersAsync($"pool-{farm.Blog.Tier}"))[0], farm.Blog, $"global $wpdb; {work}");

    private async Task ForgetObjectsAsync(WpFarm.Topology.Site site) =>
        await SharedFarm.PhpAsync((await farm.ContainersAsync($"pool-{site.Tier}"))[0], site, "exit(wp_cache_flush() ? 0 : 1)");

    /// <summary>
    /// Number of SELECT statements of the site that this server has answered. Those of the Orchestrator and of checks do not count.
    /// </summary>
    private async Task<int> SelectsAsync(string server) =>
        int.Parse(
            await SharedFarm.DockerAsync(
                "exec",
                (await farm.ContainersAsync(server))[0],
                "mariadb",
                "--skip-column-names",
                "--batch",
                "--execute",
                "SELECT COALESCE(SUM(COUNT_STAR), 0) FROM performance_schema.events_statements_summary_by_digest "
                    + $"WHERE SCHEMA_NAME = '{farm.Blog.Database}' AND DIGEST_TEXT LIKE 'SELECT%wp_%'"
            ),
            CultureInfo.InvariantCulture
        );

    /// <summary>The total over all pool containers and sites.</summary>
    private async Task<int> MetricAsync(string name)
    {
        var total = 0;
        foreach (var container in await farm.ContainersAsync($"pool-{farm.Shop.Tier}"))
            total += (await SharedFarm.DockerAsync("exec", container, "curl", "-fsS", "http://127.0.0.1:8081/metrics/cache"))
                .Split('\n')
                .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal))
                .Sum(line => int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
        return total;
    }
}
