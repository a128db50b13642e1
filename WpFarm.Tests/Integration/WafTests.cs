using System.Net;
using System.Net.Http.Headers;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The firewall in front of PHP refuses attacks, and neither visitors nor those who work at a site.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class WafTests(SharedFarm farm) : IDisposable
{
    /// <summary>On the firewall's page, which no page of a site has.</summary>
    private const string Refusal = "firewall took it for an attack";

    /// <summary>Matches rules against cross-site scripting and against SQL injection.</summary>
    private const string Code = "<script>alert(1)</script> SELECT user_pass FROM wp_users WHERE 1=1 UNION SELECT 1,2,3-- -";

    private readonly HttpClient _browser = farm.Browser();

    public void Dispose() => _browser.Dispose();

    private sealed record Request(HttpMethod Method, string Path, string? Form);

    private static IReadOnlyList<Request> Attacks { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Integration", "attacks.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', 3))
            .Select(parts => new Request(new HttpMethod(parts[0]), parts[1], parts.ElementAtOrDefault(2))),
    ];

    [Fact]
    public async Task A_hundred_attacks_are_refused_before_PHP()
    {
        Assert.InRange(Attacks.Count, 100, int.MaxValue);
        var passed = new List<string>();
        foreach (var attack in Attacks)
            if (!await IsRefusedAsync(attack))
                passed.Add($"{attack.Method} {attack.Path} {attack.Form}");
        Assert.Empty(passed);
    }

    [Theory]
    [InlineData("/?s=it's+5+o'clock")]
    [InlineData("/?s=select+a+chair+from+our+table+or+order+by+phone")]
    [InlineData("/?s=R%26B+%3C3+rock+'n'+roll+(live)")]
    [InlineData("/?s=drop+in+and+update+your+where+abouts;+see+you")]
    [InlineData("/?utm_source=news&utm_campaign=50%25+off+%2F+today&fbclid=IwAR0x-abc_DEF&gclid=Cj0KCQ")]
    [InlineData("/?redirect_to=%2Fcart%2F%3Fadd-to-cart%3D12%26quantity%3D2")]
    [InlineData("/2026/11/an-article-about-etc-and-passwords/")]
    [InlineData("/wp-json/wp/v2/posts?_fields=id,title.rendered&orderby=date&order=desc&per_page=5")]
    public async Task What_visitors_ask_for_is_let_through(string path) =>
        Assert.False(await IsRefusedAsync(new(HttpMethod.Get, path, null)), path);

    [Theory]
    [InlineData(
        "author=Seán+O'Brien&email=sean@example.com&comment=1+<+2+%26%26+3+>+2;+I'd+select+the+2nd+one+--+really!&url=https://example.com/"
    )]
    [InlineData("comment=In+C%23:+if+(x+<+10)+{+return+\"done\";+}")]
    [InlineData("name=Anna&message=Could+you+drop+the+table+at+5,+or+update+us?+Where+from?+50%25+now;+50%25+later.")]
    public async Task What_visitors_write_is_let_through(string form) =>
        Assert.False(await IsRefusedAsync(new(HttpMethod.Post, "/wp-comments-post.php", form)), form);

    [Fact]
    public async Task A_password_may_be_any_text()
    {
        using var answer = await _browser.PostAsync(
            new Uri($"{farm.Blog.Url}/wp-login.php"),
            new FormUrlEncodedContent(new Dictionary<string, string> { ["log"] = "nobody", ["pwd"] = Code })
        );
        // WordPress shows its form again.
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_may_publish_may_publish_code_and_nobody_may_in_their_name()
    {
        using var admin = await WordPressUser.LogInAsync(farm, farm.Blog);
        var title = $"Code {Guid.NewGuid():N}";
        foreach (
            var (path, body) in new (string, object)[]
            {
                (
                    "/wp-json/wp/v2/posts",
                    new
                    {
                        title,
                        excerpt = Code,
                        content = $"<pre>{Code}</pre>",
                    }
                ),
                ("/wp-json/wp/v2/pages", new { title = Code, content = $"<!-- wp:html -->{Code}<!-- /wp:html -->" }),
                ("/wp-json/wp/v2/templates", new { slug = $"t{Guid.NewGuid():N}", content = Code }),
                ("/wp-json/wp/v2/blocks", new { title = Code, content = Code }),
                ("/wp-json/wp/v2/settings", new { description = "Just another <b>SELECT * FROM wp_users WHERE 1=1</b>" }),
            }
        )
        {
            using var answer = await admin.PostAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }

        // A page builder's own request, which no list of exceptions knows.
        Assert.False(await IsRefusedAsync(BuildersRequest(), admin.Browser));
        // The page of another site makes the administrator's browser send the same.
        using var elsewhere = BuildersRequest();
        elsewhere.Headers.Remove("Origin");
        admin.Browser.DefaultRequestHeaders.Remove("Origin");
        elsewhere.Headers.Add("Origin", "https://evil.example");
        Assert.True(await IsRefusedAsync(elsewhere, admin.Browser));
    }

    [Fact]
    public async Task Who_may_not_publish_is_refused_although_logged_in()
    {
        const string Password = "it's' OR 1=1 -- a password";
        var name = $"reader-{Guid.NewGuid():N}";
        using var admin = await WordPressUser.LogInAsync(farm, farm.Blog);
        using var created = await admin.PostAsync(
            "/wp-json/wp/v2/users",
            new
            {
                username = name,
                email = $"{name}@example.com",
                password = Password,
                roles = new[] { "subscriber" },
            }
        );
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());

        using var reader = await WordPressUser.LogInAsync(farm.Farm, farm.Blog, name, Password);

        Assert.True(await IsRefusedAsync(BuildersRequest(), reader.Browser));
        // A cookie that is no login.
        using var forged = BuildersRequest();
        forged.Headers.Add("Origin", farm.Blog.Url);
        forged.Headers.Add("Cookie", "wordpress_logged_in_0=admin%7C2000000000%7Cx%7Cx");
        Assert.True(await IsRefusedAsync(forged, _browser));
    }

    [Fact]
    public async Task A_large_upload_is_let_through_and_its_address_is_inspected()
    {
        using var admin = await WordPressUser.LogInAsync(farm, farm.Blog);
        await admin.UploadByFormAsync("large.png", [.. WordPressUser.RedDot, .. new byte[3_000_000]]);

        using var attack = new HttpRequestMessage(HttpMethod.Post, $"{farm.Blog.Url}/?id=1'+OR+'1'='1")
        {
            Content = new ByteArrayContent(new byte[3_000_000]),
        };
        using var answer = await _browser.SendAsync(attack);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        // The connections go on.
        for (var visit = 0; visit < 5; visit++)
            Assert.False(await IsRefusedAsync(new(HttpMethod.Get, $"/?unique={Guid.NewGuid():N}", null)));
    }

    [Fact]
    public async Task A_refusal_has_a_number_and_the_log_says_which_rule_under_it()
    {
        using var answer = await _browser.GetAsync(new Uri($"{farm.Blog.Url}/?x=<script>alert({Guid.NewGuid():N})</script>"));
        var page = await answer.Content.ReadAsStringAsync();
        var number = page.Split("<code>")[1].Split("</code>")[0];

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Contains(
            "941110 XSS Filter",
            await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "refusals", number)),
            StringComparison.Ordinal
        );
    }

    private HttpRequestMessage BuildersRequest() =>
        new(HttpMethod.Post, $"{farm.Blog.Url}/wp-admin/admin-ajax.php")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["action"] = "builder_save", ["data"] = Code }),
        };

    private Task<bool> IsRefusedAsync(Request request)
    {
        // A browser would encode some of the letters.
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(request.Method, new Uri(farm.Blog.Url + request.Path, exact));
        if (request.Form is not null)
            message.Content = new StringContent(request.Form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        return IsRefusedAsync(message, _browser);
    }

    private static async Task<bool> IsRefusedAsync(HttpRequestMessage request, HttpClient browser)
    {
        using (request)
        {
            using var answer = await browser.SendAsync(request);
            return answer.StatusCode is HttpStatusCode.Forbidden
                && (await answer.Content.ReadAsStringAsync()).Contains(Refusal, StringComparison.Ordinal);
        }
    }
}
