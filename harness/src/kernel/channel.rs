//! Sending open descriptors to another process, and anonymous files.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

/// Most descriptors in one message.
pub(crate) const MOST: usize = 4;
const SPACE: usize = 64;

/// Room for one control message with [`MOST`] descriptors, aligned as its header wants it.
#[repr(C, align(8))]
struct Control([u8; SPACE]);

/// Sends one byte and up to [`MOST`] descriptors.
pub(crate) fn send(socket: &UnixStream, byte: u8, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    assert!(
        fds.len() <= MOST,
        "one message carries at most {MOST} descriptors"
    );
    let raw: Vec<RawFd> = fds.iter().map(AsRawFd::as_raw_fd).collect();
    let payload = size_of_val(raw.as_slice());
    let mut data = [byte];
    let mut control = Control([0; SPACE]);
    // SAFETY: every pointer in `message` is to a local that outlives the call. `CMSG_SPACE` of
    // four descriptors is 32 bytes and fits `SPACE`; `CMSG_FIRSTHDR` therefore is non-null, and
    // the copy stays inside the control buffer.
    let sent = unsafe {
        let mut part = libc::iovec {
            iov_base: data.as_mut_ptr().cast(),
            iov_len: 1,
        };
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        if !raw.is_empty() {
            let length = u32::try_from(payload).expect("a few descriptors");
            message.msg_control = control.0.as_mut_ptr().cast();
            message.msg_controllen = libc::CMSG_SPACE(length) as _;
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(length) as _;
            std::ptr::copy_nonoverlapping(
                raw.as_ptr().cast::<u8>(),
                libc::CMSG_DATA(header),
                payload,
            );
        }
        libc::sendmsg(socket.as_raw_fd(), &raw const message, libc::MSG_NOSIGNAL)
    };
    if sent == 1 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Receives one byte and the descriptors that came with it; `None` when the other end is closed.
pub(crate) fn receive(socket: &UnixStream) -> io::Result<Option<(u8, Vec<OwnedFd>)>> {
    let mut data = [0u8];
    let mut control = Control([0; SPACE]);
    let mut fds = Vec::new();
    loop {
        // SAFETY: every pointer in `message` is to a local that outlives the call. The headers
        // walked afterwards lie inside the control buffer by the kernel's own account, and each
        // descriptor found there is new and owned by nobody else.
        let received = unsafe {
            let mut part = libc::iovec {
                iov_base: data.as_mut_ptr().cast(),
                iov_len: 1,
            };
            let mut message: libc::msghdr = std::mem::zeroed();
            message.msg_iov = &raw mut part;
            message.msg_iovlen = 1;
            message.msg_control = control.0.as_mut_ptr().cast();
            message.msg_controllen = SPACE as _;
            let received =
                libc::recvmsg(socket.as_raw_fd(), &raw mut message, libc::MSG_CMSG_CLOEXEC);
            if received == 1 {
                let mut header = libc::CMSG_FIRSTHDR(&raw const message);
                while !header.is_null() {
                    if (*header).cmsg_type == libc::SCM_RIGHTS {
                        let bytes = (*header).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                        let first = libc::CMSG_DATA(header).cast::<RawFd>();
                        for i in 0..bytes / size_of::<RawFd>() {
                            fds.push(OwnedFd::from_raw_fd(first.add(i).read_unaligned()));
                        }
                    }
                    header = libc::CMSG_NXTHDR(&raw const message, header);
                }
            }
            received
        };
        match received {
            1 => return Ok(Some((data[0], fds))),
            0 => return Ok(None),
            _ => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
}

/// A file in memory without a name, to which every write appends.
pub(crate) fn anonymous_file() -> io::Result<File> {
    // SAFETY: the name is a static C string; the descriptor returned is new and owned by nobody.
    let file = unsafe {
        match libc::memfd_create(c"phasegate-output".as_ptr(), libc::MFD_CLOEXEC) {
            -1 => return Err(io::Error::last_os_error()),
            fd => File::from_raw_fd(fd),
        }
    };
    // SAFETY: setting flags of a descriptor that `file` owns.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETFL, libc::O_APPEND) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(file),
    }
}
