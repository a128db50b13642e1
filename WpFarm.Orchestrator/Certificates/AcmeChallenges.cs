namespace WpFarm.Orchestrator.Certificates;

/// <summary>
/// The folder in which lego puts its answers to the authority's challenges, and whose files are served to the authority, through the edge.
/// </summary>
internal sealed class AcmeChallenges
{
    public const string Path = "/.well-known/acme-challenge/";

    private readonly string _folder;

    public AcmeChallenges()
    {
        Root = Directory.CreateTempSubdirectory("acme-").FullName;
        _folder = Directory.CreateDirectory(Root + Path).FullName;
    }

    /// <summary>What lego calls the web root.</summary>
    public string Root { get; }

    /// <param name="token">A token of the base64url alphabet (RFC 8555, 8.3). Anything else is not there.</param>
    public async Task<string?> AnswerAsync(string token, CancellationToken cancel)
    {
        if (token.Length is 0 or > 128 || token.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
            return null;
        try
        {
            return await File.ReadAllTextAsync(System.IO.Path.Combine(_folder, token), cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public async Task PutAsync(string token, string answer, CancellationToken cancel) =>
        await File.WriteAllTextAsync(System.IO.Path.Combine(_folder, token), answer, cancel);

    public void Remove(string token) => File.Delete(System.IO.Path.Combine(_folder, token));
}
