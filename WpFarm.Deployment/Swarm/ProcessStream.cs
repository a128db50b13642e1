using System.Diagnostics;
using WpFarm.Backups.Streams;

namespace WpFarm.Deployment.Swarm;

/// <summary>A program's standard input and output as one stream. Disposing the stream kills the program.</summary>
internal sealed class ProcessStream(Process process) : ForwardStream
{
    private readonly Stream _output = process.StandardOutput.BaseStream;
    private readonly Stream _input = process.StandardInput.BaseStream;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <exception cref="IOException">The program failed; the message is its standard error.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _output.ReadAsync(buffer, cancellationToken);
        if (count > 0 || buffer.IsEmpty)
            return count;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? 0 : throw new IOException((await process.StandardError.ReadToEndAsync(cancellationToken)).Trim());
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => _output.Read(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _input.WriteAsync(buffer, cancellationToken);
        await _input.FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => _input.Write(buffer, offset, count);

    public override void Flush() => _input.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            process.Kill();
            process.Dispose();
        }

        base.Dispose(disposing);
    }
}
