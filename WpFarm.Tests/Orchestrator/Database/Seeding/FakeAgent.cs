using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Tests.Orchestrator.Database.Seeding;

/// <summary>
/// A server's agent that answers what a test tells it to, and notes what it was asked. Orders without a proof it refuses, as the real one.
/// It speaks HTTP by hand: Kestrel sends no trailers over HTTP/1.1.
/// </summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private const string Name = "mariadb-t1";
    private const string Password = "secret";

    private readonly string _passwordFile = Path.GetTempFileName();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _answer;
    private readonly Task _serving;

    private FakeAgent(string answer)
    {
        _answer = answer;
        File.WriteAllText(_passwordFile, Password);
        _listener.Start();
        Client = new(
            new(Name, ServerRole.Replica),
            new($"http://{_listener.LocalEndpoint}"),
            new() { PasswordFile = _passwordFile },
            TimeProvider.System
        );
        _serving = ServeAsync();
    }

    public Order? Received { get; private set; }

    public DatabaseAgent Client { get; }

    public static FakeAgent Answering(string text, int status = 200) =>
        new($"HTTP/1.1 {status} Said\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}");

    /// <param name="trailers">Said after the content.</param>
    public static FakeAgent Streaming(string content, params (string Name, string Value)[] trailers) =>
        new(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{content.Length:x}\r\n{content}\r\n0\r\n{string.Concat(trailers.Select(trailer => $"{trailer.Name}: {trailer.Value}\r\n"))}\r\n"
        );

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
        File.Delete(_passwordFile);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var what = (await reader.ReadLineAsync())!.Replace(" HTTP/1.1", "", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
        var chunked = headers.GetValueOrDefault("Transfer-Encoding") == "chunked";
        Received = new(what, chunked ? await ReadChunksAsync(reader) : "", chunked);
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(IsProven(headers["Authorization"]) ? _answer : "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        );
    }

    private static async Task<string> ReadChunksAsync(StreamReader reader)
    {
        var body = new StringBuilder();
        while (int.Parse((await reader.ReadLineAsync())!, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
        {
            var chunk = new char[length];
            await reader.ReadBlockAsync(chunk);
            body.Append(chunk);
            await reader.ReadLineAsync();
        }

        await reader.ReadLineAsync();
        return body.ToString();
    }

    private bool IsProven(string authorization) =>
        authorization.Split(' ') is ["Proof", var time, var proof]
        && proof
            == Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(Password), Encoding.UTF8.GetBytes($"{Received!.What}\n{Name}\n{time}"))
            );

    /// <param name="What">Method, path and query.</param>
    public sealed record Order(string What, string Body, bool IsChunked);
}
