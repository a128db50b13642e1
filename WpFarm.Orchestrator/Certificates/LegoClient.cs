using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>Runs lego, Debian's ACME client, once per order. Its files live in memory only, while it runs.</summary>
internal sealed class LegoClient(
    AcmeChallenges challenges,
    IHttpClientFactory clients,
    IOptions<CertificateSettings> options,
    TimeProvider time
) : IAcmeClient
{
    public const string HttpClientName = "acme-check";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    public async Task<AcmeOrder> OrderAsync(string host, string? account, CancellationToken cancel)
    {
        var settings = options.Value.Acme!;
        var folder = Directory.CreateTempSubdirectory("lego-");
        try
        {
            var accounts = Directory.CreateDirectory(Path.Combine(folder.FullName, "accounts")).FullName;
            if (account is not null)
                await UnpackAsync(account, accounts, cancel);
            var output = await RunAsync(
                Arguments(settings, host, folder.FullName),
                await RootsAsync(settings, folder.FullName, cancel),
                cancel
            );
            if (output is not null)
                throw new AcmeException(ReasonOf(output), output.Contains("acme:error:rateLimited", StringComparison.Ordinal));
            var certificate = Path.Combine(folder.FullName, "certificates", host);
            return new(
                await File.ReadAllTextAsync($"{certificate}.crt", cancel) + await File.ReadAllTextAsync($"{certificate}.key", cancel),
                await PackAsync(accounts, cancel)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async Task<string?> ProblemOfAsync(string host, CancellationToken cancel)
    {
        var (token, word) = (RandomNumberGenerator.GetHexString(32), RandomNumberGenerator.GetHexString(32));
        await challenges.PutAsync(token, word, cancel);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var answer = await client.GetAsync(new Uri($"http://{host}{AcmeChallenges.Path}{token}"), cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return text == word
                ? null
                : $"http://{host}/ does not lead to this farm: another server answered {(int)answer.StatusCode}. "
                    + "Let the name point to the edge.";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return $"http://{host}/ does not lead to this farm: {e.Message.TrimEnd('.')}. "
                + "Let the name point to the edge, and port 80 be open.";
        }
        finally
        {
            challenges.Remove(token);
        }
    }

    private string[] Arguments(AcmeSettings settings, string host, string folder) =>
        [
            "--server",
            settings.Directory.AbsoluteUri,
            "--email",
            settings.Email,
            "--accept-tos",
            "--path",
            folder,
            "--key-type",
            "ec256",
            "--domains",
            host,
            "--http",
            "--http.webroot",
            challenges.Root,
            "run",
        ];

    /// <returns>The file with the roots of a private authority, for lego's environment.</returns>
    private static async Task<string?> RootsAsync(AcmeSettings settings, string folder, CancellationToken cancel)
    {
        if (settings.Roots is null)
            return null;
        var file = Path.Combine(folder, "roots.pem");
        await File.WriteAllTextAsync(file, settings.Roots, cancel);
        return file;
    }

    /// <returns>Null if lego succeeded, otherwise what it printed.</returns>
    private async Task<string?> RunAsync(string[] arguments, string? roots, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("lego", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        if (roots is not null)
            start.Environment["LEGO_CA_CERTIFICATES"] = roots;
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var process = Process.Start(start)!;
        try
        {
            var output = await Task.WhenAll(
                process.StandardError.ReadToEndAsync(both.Token),
                process.StandardOutput.ReadToEndAsync(both.Token)
            );
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0 ? null : string.Concat(output);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new AcmeException($"the authority did not issue a certificate within {s_limit.TotalMinutes:0} min");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>lego's last line, without its timestamp.</summary>
    internal static string ReasonOf(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? string.Join(' ', last.Split(' ').SkipWhile(word => word.Length > 0 && char.IsAsciiDigit(word[0])))
            : "lego failed without a message";

    private static async Task<string> PackAsync(string folder, CancellationToken cancel)
    {
        using var archive = new MemoryStream();
        await TarFile.CreateFromDirectoryAsync(folder, archive, includeBaseDirectory: false, cancel);
        return Convert.ToBase64String(archive.ToArray());
    }

    private static async Task UnpackAsync(string packed, string folder, CancellationToken cancel)
    {
        using var archive = new MemoryStream(Convert.FromBase64String(packed));
        await TarFile.ExtractToDirectoryAsync(archive, folder, overwriteFiles: true, cancel);
    }
}
