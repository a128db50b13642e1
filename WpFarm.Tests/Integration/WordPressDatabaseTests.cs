using System.Globalization;
using System.Net;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>What WordPress does with the database's two doors and with Memcached; and the PHP tests of the image.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class WordPressDatabaseTests(SharedFarm farm)
{
    [Theory]
    [InlineData("statement-test.php")]
    [InlineData("object-cache-test.php")]
    [InlineData("cgroup-test.php")]
    public async Task The_tests_of_the_image_pass_in_a_pool_container(string test)
    {
        var container = (await farm.Containers($"pool-{farm.Blog.Tier}"))[0];

        var (exitCode, output) = await SharedFarm.Run("docker", ["exec", container, "php", "-c", "/etc/php/farm/php.ini", "-d", "apc.enable_cli=1", $"/usr/local/lib/wpfarm/tests/{test}"]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("\nok ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visitors_read_from_the_replicas_once_those_have_the_sites_last_write()
    {
        using var visitor = farm.Browser();
        using var author = await WordPressUser.LogIn(farm, farm.Blog);
        await author.Publish($"Before the count {Guid.NewGuid():N}");
        var writer = await farm.Writer();

        await SharedFarm.Eventually("a page is read from replicas alone", async () =>
        {
            var before = (Writer: await Selects(writer), Replicas: await Selects("mariadb-r1") + await Selects("mariadb-r2"));
            using var page = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?s={Guid.NewGuid():N}"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var after = (Writer: await Selects(writer), Replicas: await Selects("mariadb-r1") + await Selects("mariadb-r2"));
            return after.Replicas > before.Replicas && after.Writer == before.Writer;
        });
    }

    [Fact]
    public async Task Results_of_costly_queries_come_from_Memcached_until_their_table_is_written_to()
    {
        using var visitor = farm.Browser();
        // The object cache would answer first; and no page may be in Varnish.
        async Task<(int Hits, int Misses)> Visit()
        {
            await ForgetObjects(farm.Shop);
            var before = (Hits: await Metric("wpfarm_query_cache_hits_total"), Misses: await Metric("wpfarm_query_cache_misses_total"));
            using var page = await visitor.GetAsync(new Uri($"{farm.Shop.Url}/?x={Guid.NewGuid():N}"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            return (await Metric("wpfarm_query_cache_hits_total") - before.Hits, await Metric("wpfarm_query_cache_misses_total") - before.Misses);
        }

        await SharedFarm.Eventually("the queries of a page come from Memcached", async () => await Visit() is { Hits: > 0, Misses: 0 });

        using var author = await WordPressUser.LogIn(farm, farm.Shop);
        await author.Publish($"Written {Guid.NewGuid():N}");

        Assert.NotEqual(0, (await Visit()).Misses);
    }

    /// <summary>Backup and import plugins ask so in the middle of their work.</summary>
    [Fact]
    public async Task A_connection_that_lives_keeps_its_transaction_its_lock_and_its_variables_when_a_plugin_checks_it()
    {
        const string Work =
            """
            require '/usr/share/wordpress/wp-load.php';
            global $wpdb;
            $wpdb->query("CREATE TEMPORARY TABLE {$wpdb->prefix}probe (id INT)");
            $wpdb->query("SELECT GET_LOCK('farm-probe', 1)");
            $wpdb->query("SET SESSION wait_timeout = 1234");
            $wpdb->query('START TRANSACTION');
            $wpdb->query("INSERT INTO {$wpdb->prefix}probe VALUES (1)");
            $checked = $wpdb->check_connection(false);
            $wpdb->query("INSERT INTO {$wpdb->prefix}probe VALUES (2)");
            $wpdb->query('COMMIT');
            echo json_encode([$checked, $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}probe"), $wpdb->get_var("SELECT IS_USED_LOCK('farm-probe') = CONNECTION_ID()"), $wpdb->get_var('SELECT @@wait_timeout')]);
            """;

        var said = await SharedFarm.Docker(
            "exec", "--env", $"FARM_SITE={farm.Blog.Id}", (await farm.Containers($"pool-{farm.Blog.Tier}"))[0], "php", "-c", "/etc/php/farm/php.ini", "-r", Work);

        Assert.EndsWith("""[true,"2","1","1234"]""", said, StringComparison.Ordinal);
    }

    private async Task ForgetObjects(WpFarm.Topology.Site site) => await SharedFarm.Docker(
        "exec", "--env", $"FARM_SITE={site.Id}", (await farm.Containers($"pool-{site.Tier}"))[0],
        "php", "-c", "/etc/php/farm/php.ini", "-r", "require '/usr/share/wordpress/wp-load.php'; exit(wp_cache_flush() ? 0 : 1);");

    /// <summary>SELECT statements that this server has answered to WordPress's sites; the Orchestrator's and the checks' do not count.</summary>
    private async Task<int> Selects(string server) => int.Parse(
        await SharedFarm.Docker(
            "exec", (await farm.Containers(server))[0], "mariadb", "--skip-column-names", "--batch", "--execute",
            $"SELECT COALESCE(SUM(COUNT_STAR), 0) FROM performance_schema.events_statements_summary_by_digest WHERE SCHEMA_NAME = '{farm.Blog.Database}' AND DIGEST_TEXT LIKE 'SELECT%wp_%'"),
        CultureInfo.InvariantCulture);

    /// <summary>The total over all pool containers and sites.</summary>
    private async Task<int> Metric(string name)
    {
        var total = 0;
        foreach (var container in await farm.Containers($"pool-{farm.Shop.Tier}"))
            total += (await SharedFarm.Docker("exec", container, "curl", "-fsS", "http://127.0.0.1:8081/metrics/cache")).Split('\n')
                .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
        return total;
    }
}
