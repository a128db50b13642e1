using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>A site's administrator in a browser: logs in by the form, then uses the REST API as the editor does.</summary>
internal sealed class WordPressUser : IDisposable
{
    /// <summary>An image that WordPress accepts.</summary>
    public static readonly byte[] RedDot = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    );

    private readonly HttpClient _browser;
    private readonly Site _site;
    private string _nonce = "";

    private WordPressUser(HttpClient browser, Site site)
    {
        _browser = browser;
        _site = site;
    }

    public HttpClient Browser => _browser;

    /// <param name="copy">A clone of the farm, which has the same passwords; null for the farm itself.</param>
    public static Task<WordPressUser> LogInAsync(SharedFarm farm, Site site, Farm? copy = null) =>
        LogInAsync(copy ?? farm.Farm, site, "admin", farm.Secrets.AdminPassword(site.Id));

    public static async Task<WordPressUser> LogInAsync(Farm farm, Site site, string name, string password)
    {
        var user = new WordPressUser(SharedFarm.Browser(farm), site);
        // As browsers do when a page of the site sends a form.
        user._browser.DefaultRequestHeaders.Add("Origin", site.Url);
        (await user._browser.GetAsync(new Uri($"{site.Url}/wp-login.php"))).EnsureSuccessStatusCode();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["log"] = name,
                ["pwd"] = password,
                ["testcookie"] = "1",
                ["redirect_to"] = $"{site.Url}/wp-admin/",
            }
        );
        using var answer = await user._browser.PostAsync(new Uri($"{site.Url}/wp-login.php"), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        user._nonce = await user._browser.GetStringAsync(new Uri($"{site.Url}/wp-admin/admin-ajax.php?action=rest-nonce"));
        return user;
    }

    public async Task<int> PublishAsync(string title)
    {
        using var answer = await SendAsync(
            HttpMethod.Post,
            "/wp-json/wp/v2/posts",
            JsonContent.Create(
                new
                {
                    title,
                    content = $"About {title}.",
                    status = "publish",
                }
            )
        );
        return answer.GetProperty("id").GetInt32();
    }

    public async Task EditAsync(int post, string title)
    {
        using var _ = await SendAsync(HttpMethod.Post, $"/wp-json/wp/v2/posts/{post}", JsonContent.Create(new { title }));
    }

    /// <returns>The public address of the uploaded file.</returns>
    public async Task<Uri> UploadAsync(string name, byte[] png)
    {
        using var content = new ByteArrayContent(png);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        using var answer = await SendAsync(HttpMethod.Post, "/wp-json/wp/v2/media", content);
        return new Uri(answer.GetProperty("source_url").GetString()!);
    }

    /// <summary>Uploads a file as a form, like the media library in a browser.</summary>
    /// <returns>Id and address of the upload.</returns>
    public async Task<(int Id, Uri Address)> UploadByFormAsync(string name, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        using var answer = await SendAsync(HttpMethod.Post, "/wp-json/wp/v2/media", form);
        return (answer.GetProperty("id").GetInt32(), new Uri(answer.GetProperty("source_url").GetString()!));
    }

    public async Task DeleteMediaAsync(int id) =>
        (await SendAsync(HttpMethod.Delete, $"/wp-json/wp/v2/media/{id}?force=true", new ByteArrayContent([]))).Dispose();

    public void Dispose() => _browser.Dispose();

    /// <summary>Sends JSON to the REST API, as the editor does.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        using var request = Request(HttpMethod.Post, path, JsonContent.Create(body));
        return await _browser.SendAsync(request);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent content)
    {
        var request = new HttpRequestMessage(method, _site.Url + path) { Content = content };
        request.Headers.Add("X-WP-Nonce", _nonce);
        return request;
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent content)
    {
        using var request = Request(method, path, content);
        using var response = await _browser.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {body}");
        return new Answer(JsonDocument.Parse(body));
    }

    private sealed record Answer(JsonDocument Document) : IDisposable
    {
        public JsonElement GetProperty(string name) => Document.RootElement.GetProperty(name);

        public void Dispose() => Document.Dispose();
    }
}
