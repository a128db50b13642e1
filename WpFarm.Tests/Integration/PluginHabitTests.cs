using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Behaviour of plugins and visitors that broke pages elsewhere; each case comes from a public bug report.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class PluginHabitTests(SharedFarm farm, ProbedPool pool) : IClassFixture<ProbedPool>
{
    private string Shop => farm.Shop.Url;

    [Fact]
    public async Task A_request_whose_PHP_dies_is_carried_out_once()
    {
        await ProbedPool.ExecuteAsync("rm", "-f", ProbedPool.Count);

        using var answer = await GetAsync("/?probe=die&nocache=1");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(".", await ProbedPool.ExecuteAsync("cat", ProbedPool.Count));
    }

    [Fact]
    public async Task A_503_of_a_plugin_is_shown_as_it_is_and_made_once()
    {
        await ProbedPool.ExecuteAsync("rm", "-f", ProbedPool.Count);

        using var answer = await GetAsync($"/?probe=unavailable&unique={Guid.NewGuid():N}");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "Closed for the day"),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync())
        );
        Assert.Equal(TimeSpan.FromHours(1), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(".", await ProbedPool.ExecuteAsync("cat", ProbedPool.Count));
    }

    [Theory]
    [InlineData("nocache-init")]
    [InlineData("nocache-late")]
    public async Task A_page_that_WordPress_or_a_plugin_says_is_not_to_be_cached_is_not_however_late_it_says_so(string probe)
    {
        var page = $"/?probe={probe}&unique={Guid.NewGuid():N}";
        for (var visit = 0; visit < 3; visit++)
        {
            using var answer = await GetAsync(page);
            Assert.Equal((HttpStatusCode.OK, "PASS"), (answer.StatusCode, RequestPathTests.Cache(answer)));
        }
    }

    [Fact]
    public async Task A_redirect_by_language_is_each_visitors_own()
    {
        var page = $"/?probe=language&unique={Guid.NewGuid():N}";
        foreach (var language in new[] { "de", "fr", "de" })
        {
            using var answer = await GetAsync(page, ("Accept-Language", language));
            Assert.Equal($"/{language}/", answer.Headers.Location?.ToString());
        }
    }

    [Fact]
    public async Task A_session_of_a_plugin_goes_on_from_page_to_page()
    {
        using var visitor = farm.Browser();
        var page = new Uri($"{Shop}/?probe=session&unique={Guid.NewGuid():N}");

        foreach (var visit in new[] { "1", "2", "3" })
            Assert.Equal(visit, await visitor.GetStringAsync(page));
    }

    [Fact]
    public async Task A_plugin_runs_as_the_user_of_its_site_and_has_temporary_files_of_its_own()
    {
        var user = await ProbedPool.ExecuteAsync("farm-wordpress", "as", farm.Shop.Id, "id", "--user");

        using var answer = await GetAsync($"/?probe=user&unique={Guid.NewGuid():N}");

        Assert.Equal($"{user} own", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_mail_that_a_plugin_sends_by_PHPs_own_function_is_sent_as_the_site()
    {
        var subject = $"own-{Guid.NewGuid():N}";

        using var answer = await GetAsync($"/?probe=mail&subject={subject}");

        Assert.Equal("sent", await answer.Content.ReadAsStringAsync());
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        await SharedFarm.EventuallyAsync("the mail is kept", async () =>
            (await orchestrator.SendAsync(MailRoutes.List, new("shop"), CancellationToken.None)).Any(mail =>
                mail.Subject == subject && mail.From == "wordpress@shop.farm.localhost"
            )
        );
    }

    [Theory]
    [InlineData("probe=parameters&a=2&a=1")]
    [InlineData("probe=parameters&utm_source=x&a=1&nocache=1")]
    [InlineData("probe=parameters&b[]=6&b[]=5&a=1&nocache=1")]
    public async Task Parameters_keep_their_order_and_their_number(string query)
    {
        using var answer = await GetAsync($"/?{query}");

        var seen = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith(" a=1", seen, StringComparison.Ordinal);
        Assert.Equal(query, seen[..^4]);
    }

    /// <summary>A page that began before the change reads from a replica that still has the old price.</summary>
    [Fact]
    public async Task A_row_that_a_replica_has_not_got_yet_does_not_take_the_place_of_the_newer_one()
    {
        await ProbedPool.ExecuteAsync("rm", "-f", "/var/spool/farm/probe-has-read", "/var/spool/farm/probe-goes-on");
        await PhpAsync("update_post_meta(1, 'price', '10')");
        await SharedFarm.EventuallyAsync("nobody has written for so long that replicas are asked", async () =>
        {
            using var page = await GetAsync("/?probe=columns&nocache=1");
            return page.IsSuccessStatusCode
                && (
                    await PhpAsync(
                        "echo (new WpFarm\\LastWrite(WpFarm\\MemcachedClient::forServers(WpFarm\\Farm::current()->memcached()), FARM_SITE))"
                            + "->position() ?? 'none'"
                    )
                ).EndsWith("none", StringComparison.Ordinal);
        });
        await using var behind = await ReplicasBehind.BeginAsync(farm, $"{farm.Shop.Database}.wp_postmeta");

        var reading = GetAsync("/?probe=slow-reader&nocache=1");
        await SharedFarm.EventuallyAsync("it has read", async () =>
            await ProbedPool.ExecuteAsync("ls", "/var/spool/farm") is var files
            && files.Contains("probe-has-read", StringComparison.Ordinal)
        );
        await PhpAsync("update_post_meta(1, 'price', '20')");
        await ProbedPool.ExecuteAsync("touch", "/var/spool/farm/probe-goes-on");
        using (var answer = await reading)
            Assert.Equal("price 10", await answer.Content.ReadAsStringAsync());

        Assert.EndsWith("20", await PhpAsync("echo get_post_meta(1, 'price', true)"), StringComparison.Ordinal);
    }

    /// <summary>Runs PHP on the command line, as the shop.</summary>
    private Task<string> PhpAsync(string work) => SharedFarm.PhpAsync(ProbedPool.Name, farm.Shop, work);

    [Fact]
    public async Task The_columns_of_a_result_are_known_also_when_its_rows_come_from_Memcached()
    {
        for (var visit = 0; visit < 4; visit++)
        {
            using var answer = await GetAsync("/?probe=columns&nocache=1");
            Assert.StartsWith("id metas ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task A_query_with_a_percent_sign_comes_from_Memcached_as_any_other() => SharedFarm.EventuallyAsync("it does", async () =>
        {
            using var answer = await GetAsync("/?probe=like&nocache=1");
            return await answer.Content.ReadAsStringAsync() == "1 from Memcached";
        });

    [Fact]
    public async Task A_query_of_a_table_that_has_not_the_sites_prefix_is_answered_by_the_database()
    {
        await PhpAsync("$GLOBALS['wpdb']->query('CREATE OR REPLACE TABLE probe_stats (post INT)')");
        foreach (var count in new[] { "0", "1", "2" })
        {
            await SharedFarm.EventuallyAsync($"it has {count} rows, also for a replica", async () =>
            {
                using var answer = await GetAsync("/?probe=table-of-its-own&nocache=1");
                return await answer.Content.ReadAsStringAsync() == count;
            });
            await PhpAsync("$GLOBALS['wpdb']->query('INSERT INTO probe_stats VALUES (1)')");
        }

        await PhpAsync("$GLOBALS['wpdb']->query('DROP TABLE probe_stats')");
    }

    /// <summary>The plugin hides rows from visitors by a filter of WordPress, within the SQL statement.</summary>
    [Fact]
    public async Task What_a_plugin_shows_to_members_alone_does_not_come_from_Memcached_for_others()
    {
        for (var visit = 0; visit < 3; visit++)
            foreach (var (who, rows) in new[] { ("&member=1", "1"), ("", "0") })
            {
                using var answer = await GetAsync($"/?probe=narrowed&nocache=1{who}");
                Assert.Equal(rows, await answer.Content.ReadAsStringAsync());
            }
    }

    [Fact]
    public async Task A_file_that_PHP_gives_to_members_is_given_to_members_alone()
    {
        using (var stranger = await GetAsync("/members/a.pdf"))
            Assert.Equal("/wp-login.php", stranger.Headers.Location?.ToString());
        using (var member = await GetAsync("/members/a.pdf", ("Cookie", "wordpress_logged_in_x=y")))
            Assert.Equal("MEMBER", await member.Content.ReadAsStringAsync());
        using var again = await GetAsync("/members/a.pdf");
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    [Theory]
    [InlineData("/old.php", HttpStatusCode.MovedPermanently)]
    [InlineData("/old.jpg", HttpStatusCode.MovedPermanently)]
    [InlineData("/sw.js", HttpStatusCode.OK)]
    [InlineData("/wp-content/plugins/gone.js", HttpStatusCode.NotFound)]
    public async Task An_address_of_no_file_is_WordPresss_to_answer(string path, HttpStatusCode status)
    {
        using var answer = await GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
    }

    /// <summary>Loopback requests work, which Site Health and plugins with background jobs send.</summary>
    [Fact]
    public async Task A_site_that_asks_itself_is_answered()
    {
        Assert.EndsWith(
            "200 The Shop",
            await PhpAsync(
                "$answer = wp_remote_get(home_url('/wp-json/')); "
                    + "echo wp_remote_retrieve_response_code($answer), ' ', json_decode(wp_remote_retrieve_body($answer))->name"
            ),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/?p=1")]
    [InlineData("/sample-page/?probe=links-to-a-post")]
    [InlineData("/search/hello/")]
    [InlineData("/category/uncategorized/")]
    [InlineData("/feed/")]
    [InlineData("/wp-sitemap-posts-post-1.xml")]
    public Task A_page_that_shows_a_post_is_made_anew_when_it_changes_wherever_that_page_is(string page) =>
        IsMadeAnewAsync(page, "update_post_meta(1, 'subtitle', uniqid())");

    [Theory]
    [InlineData("clean_post_cache(1)")]
    [InlineData("wp_update_post(['ID' => 1, 'post_excerpt' => uniqid()])")]
    [InlineData(
        "wp_insert_post(['post_type' => 'product_variation', 'post_status' => 'publish', 'post_title' => 'red', 'post_parent' => 1])"
    )]
    [InlineData("do_action('woocommerce_updated_product_stock', 1)")]
    [InlineData("wp_insert_comment(['comment_post_ID' => 1, 'comment_content' => uniqid(), 'comment_approved' => '1'])")]
    public Task Whatever_changes_it_and_the_pages_that_do_not_show_it_stay(string change) =>
        IsMadeAnewAsync("/sample-page/?probe=links-to-a-post", change);

    /// <summary>WordPress's own cron may purge either page meanwhile; then both are requested once more.</summary>
    private async Task IsMadeAnewAsync(string path, string change)
    {
        using var visitor = farm.Browser();
        using var found = await visitor.GetAsync(new Uri(Shop + path));
        var (page, other) = (found.Headers.Location ?? new Uri(Shop + path), new Uri($"{Shop}/sample-page/?stays=1"));
        await SharedFarm.EventuallyAsync("it alone is made anew", async () =>
        {
            await RequestPathTests.WarmAsync(visitor, page);
            await RequestPathTests.WarmAsync(visitor, other);
            await PhpAsync(change);
            return await CacheAsync(page) == "MISS" && await CacheAsync(other) == "HIT";
        });

        async Task<string> CacheAsync(Uri address)
        {
            using var answer = await visitor.GetAsync(address);
            return RequestPathTests.Cache(answer);
        }
    }

    [Fact]
    public async Task What_a_page_shows_is_told_to_no_visitor()
    {
        using var answer = await GetAsync("/?probe=parameters&a=1&nocache=1");

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("X-Farm-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("woocommerce_uploads/2026/invoice.pdf")]
    [InlineData("wc-logs/fatal-errors.txt")]
    [InlineData("site-backups/all.zip")]
    [InlineData(".htaccess")]
    [InlineData("2026/.git/config")]
    [InlineData("2026/database.sql.gz")]
    [InlineData("catalogs/2026/blog-logo.png", true)]
    public async Task What_plugins_hide_in_the_uploads_is_not_public(string file, bool isPublic = false)
    {
        var path = $"/srv/uploads/{farm.Shop.Id}/{file}";
        await ProbedPool.ExecuteAsync("bash", "-c", $"mkdir -p $(dirname {path}) && echo secret > {path}");

        using var answer = await GetAsync($"/wp-content/uploads/{file}");

        Assert.Equal(isPublic ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Those_who_send_a_byte_a_second_hold_no_PHP_and_are_sent_away()
    {
        var slow = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendSlowlyAsync()));
        try
        {
            var started = Stopwatch.GetTimestamp();
            using (var answer = await GetAsync($"/?unique={Guid.NewGuid():N}"))
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);

            var buffer = new byte[64];
            var read = await slow[0].ReceiveAsync(buffer).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var socket in slow)
                socket.Dispose();
        }
    }

    [Fact]
    public async Task An_upload_over_the_limit_is_turned_away_at_the_edge()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, farm.Farm.Options.Edge.HttpPort);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST /wp-admin/async-upload.php HTTP/1.1\r\nHost: {farm.Shop.Host}\r\n"
                    + $"Content-Length: 83886080\r\n\r\n{new string('x', 20_000)}"
            )
        );
        var buffer = new byte[64];

        var read = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    /// <summary>nginx and PHP each buffer every upload, and both containers together have less memory than that.</summary>
    [Fact]
    public async Task Six_large_uploads_at_the_same_time_arrive_whole()
    {
        const int Size = 60 * 1024 * 1024;
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        using var visitor = farm.Browser();

        var files = await Task.WhenAll(Enumerable.Range(1, 6).Select(part => author.UploadByFormAsync($"film-{part}.zip", new byte[Size])));

        foreach (var (id, address) in files)
        {
            using var answer = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
            Assert.Equal((HttpStatusCode.OK, Size), (answer.StatusCode, answer.Content.Headers.ContentLength));
            await author.DeleteMediaAsync(id);
        }
    }

    /// <summary>Each program on the request path waits as long as the tier's requestSeconds allow.</summary>
    [Fact]
    [Long]
    public async Task An_import_of_75_seconds_comes_to_its_end()
    {
        using var visitor = farm.Browser();
        visitor.Timeout = TimeSpan.FromMinutes(2);

        using var answer = await visitor.PostAsync(new Uri($"{Shop}/?probe=import"), null);

        Assert.Equal((HttpStatusCode.OK, "imported"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_visitor_with_too_many_cookies_is_told_so()
    {
        using var answer = await GetAsync("/", ("Cookie", $"basket={new string('x', 9_000)}"));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    /// <summary>Sends the head of a form, and the first of the thousand bytes that it announces.</summary>
    private async Task<Socket> SendSlowlyAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, farm.Farm.Options.Edge.HttpPort);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST /?unique={Guid.NewGuid():N} HTTP/1.1\r\nHost: {farm.Shop.Host}\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\nx"
            )
        );
        return socket;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        _ = pool;
        using var visitor = farm.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, Shop + path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await visitor.SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }
}
