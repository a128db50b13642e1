namespace WpFarm.Deployment.Publishing;

/// <summary>Texts that are built into this assembly, by their path in the project.</summary>
internal static class Resources
{
    public static string Text(string path)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(path)
            ?? throw new ArgumentException($"'{path}' is not built in.", nameof(path));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
