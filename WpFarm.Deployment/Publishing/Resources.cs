namespace WpFarm.Deployment.Publishing;

/// <summary>Texts that are embedded in this assembly, by their path in the project.</summary>
internal static class Resources
{
    public static string Text(string path)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(path)
            ?? throw new ArgumentException($"There is no embedded resource '{path}'.", nameof(path));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
